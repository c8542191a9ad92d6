import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// Where the public keys of access tokens come from, as a JWKS document.
public enum KeySource: Sendable {
    /// Users' `/.well-known/jwks.json`. What was fetched is kept in the cache file, so that a service
    /// restarts while Users is down.
    case remote(url: String, cacheFile: String?)
    /// The process that issues the tokens: gives the document from its own store.
    case inProcess(@Sendable () async throws -> String)

    /// The document, from its source.
    func fetch() async throws -> String {
        switch self {
        case .inProcess(let provide): return try await provide()
        case .remote(let url, let cacheFile):
            let response = try await HTTPClient.shared.execute(
                HTTPClientRequest(url: url), timeout: .seconds(5))
            guard response.status == .ok else {
                throw KeyFetchError(reason: "\(url) answered \(response.status)")
            }
            let json = String(buffer: try await response.body.collect(upTo: 65_536))
            if let cacheFile { try await Self.write(json, to: cacheFile) }
            return json
        }
    }

    /// The document that an earlier process left, or nil.
    func cached() async -> String? {
        guard case .remote(_, let cacheFile?) = self else { return nil }
        return try? await NIOThreadPool.singleton.runIfActive {
            try String(contentsOf: URL(filePath: cacheFile), encoding: .utf8)
        }
    }

    /// Files are written on the thread pool, because they block; atomically, because the process may be
    /// killed.
    private static func write(_ json: String, to path: String) async throws {
        try await NIOThreadPool.singleton.runIfActive {
            let url = URL(filePath: path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(json.utf8).write(to: url, options: .atomic)
        }
    }
}

/// Why the keys could not be fetched.
struct KeyFetchError: Error {
    let reason: String
}
