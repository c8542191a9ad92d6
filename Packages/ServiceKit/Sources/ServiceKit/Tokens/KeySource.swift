import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// Where the public keys of access tokens come from, as a JWKS document.
public enum KeySource: Sendable {
    /// Users' `/.well-known/jwks.json`. A document that was adopted is kept in the cache file, so that a service
    /// restarts while Users is down.
    case remote(url: String, cacheFile: String?)
    /// The process that issues the tokens: gives the document from its own store.
    case inProcess(@Sendable () async throws -> String)

    /// The document, from its source.
    func fetch() async throws -> String {
        switch self {
        case .inProcess(let provide): return try await provide()
        case .remote(let url, _):
            let response = try await Self.client.execute(HTTPClientRequest(url: url), timeout: .seconds(5))
            guard response.status == .ok else {
                throw KeyFetchError(reason: "\(url) answered \(response.status)")
            }
            return String(buffer: try await response.body.collect(upTo: 65_536))
        }
    }

    /// The file in which an adopted document is kept, or nil where none is.
    var cacheFile: String? {
        guard case .remote(_, let cacheFile) = self else { return nil }
        return cacheFile
    }

    /// The document that an earlier process left, or nil.
    func cached() async -> String? {
        guard let cacheFile else { return nil }
        return try? await NIOThreadPool.singleton.runIfActive {
            try String(contentsOf: URL(filePath: cacheFile), encoding: .utf8)
        }
    }

    /// Files are written on the thread pool, because they block; atomically, because the process may be
    /// killed.
    static func write(_ json: String, to path: String) async throws {
        try await NIOThreadPool.singleton.runIfActive {
            let url = URL(filePath: path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(json.utf8).write(to: url, options: .atomic)
        }
    }

    /// It follows no redirect: whose keys are trusted is configured, and not said by an answer. It lives as long as
    /// the process, so that nothing shuts it down.
    private static let client = HTTPClient(
        eventLoopGroupProvider: .singleton, configuration: .init(redirectConfiguration: .disallow))
}

/// Why the keys could not be fetched.
struct KeyFetchError: Error {
    let reason: String
}
