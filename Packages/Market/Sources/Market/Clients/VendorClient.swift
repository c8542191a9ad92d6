import AsyncHTTPClient
import ExactTypes
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceKit
import Synchronization

/// Reads from vendors by HTTP: bounded in time and size, a few times where another attempt may end better, and no faster
/// than the vendor wants. Redirects are not followed: where a vendor's answer moves to, its key must not.
struct VendorClient: Sendable {
    /// What one request may take, from the look-up of the name to the last byte.
    var timeout = Duration.seconds(30)
    /// What an answer may hold. The whole history of the European Central Bank's rates has some 8 MB.
    var maximumBytes = 33_554_432
    /// How often a request is made that fails for a reason which may pass.
    var attempts = 3
    /// Between the first two attempts; it doubles, and each pause is made shorter by up to a half.
    var pause = Duration.seconds(1)
    /// Keeps this client's requests so far apart.
    var pace = RequestPace(requestsPerMinute: nil)

    /// How long a vendor is left alone that says 429 and not for how long.
    static let pauseUnsaid: TimeInterval = 60

    /// One for the process, as its event loops are.
    private static let http = HTTPClient(
        eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup.singleton),
        configuration: {
            var configuration = HTTPClient.Configuration(
                redirectConfiguration: .disallow, timeout: .init(connect: .seconds(10)),
                decompression: .disabled)
            configuration.httpVersion = .http1Only
            return configuration
        }())

    /// Reads an answer. A part of it that was cut is found by the reader, and so asked for again as well.
    func get<Answer: Sendable>(
        _ url: String, headers: [(String, String)] = [],
        read: ([UInt8]) throws(ParseError) -> Answer
    ) async throws(ProviderFailure) -> Answer {
        var attempt = 1
        while true {
            do throws(ProviderFailure) {
                try await pace.turn()
                let bytes = try await bytes(of: url, headers: headers)
                do throws(ParseError) {
                    return try read(bytes)
                } catch {
                    throw .unreadable(error.reason)
                }
            } catch {
                guard attempt < attempts, error.mayPass, !Task.isCancelled else { throw error }
                let factor = Double(1 << (attempt - 1)) * Double.random(in: 0.5...1)
                try await Self.sleep(pause * factor)
                attempt += 1
            }
        }
    }

    private static func sleep(_ duration: Duration) async throws(ProviderFailure) {
        do { try await Task.sleep(for: duration) } catch { throw .unavailable("the request was given up") }
    }

    /// The body, with the deadline over all of it: a vendor that sends a byte at a time is cut off too.
    private func bytes(
        of url: String, headers: [(String, String)]
    ) async throws(ProviderFailure) -> [UInt8] {
        let result = await withTaskGroup(of: Result<[UInt8], ProviderFailure>?.self) { group in
            group.addTask { await Self.fetch(url, headers: headers, upTo: maximumBytes) }
            group.addTask {
                (try? await Task.sleep(for: timeout)) == nil
                    ? nil : .failure(.unavailable("it did not answer in time"))
            }
            defer { group.cancelAll() }
            for await result in group { if let result { return result } }
            return .failure(.unavailable("the request was given up"))
        }
        return try result.get()
    }

    private static func fetch(
        _ url: String, headers: [(String, String)], upTo limit: Int
    ) async -> Result<[UInt8], ProviderFailure> {
        var request = HTTPClientRequest(url: url)
        request.headers.add(name: "user-agent", value: "Grove/1")
        request.headers.add(name: "accept", value: "application/json, text/xml")
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        do {
            let response = try await http.execute(request, deadline: .distantFuture)
            if let failure = failure(of: response) { return .failure(failure) }
            return .success(Array(try await response.body.collect(upTo: limit).readableBytesView))
        } catch is NIOTooManyBytesError {
            return .failure(.unreadable("is longer than \(limit) bytes"))
        } catch {
            // The library's own words may hold the address.
            return .failure(.unavailable("the connection failed (\(type(of: error)))"))
        }
    }

    private static func failure(of response: HTTPClientResponse) -> ProviderFailure? {
        let status = response.status.code
        let retryAfter = response.headers.first(name: "retry-after").flatMap {
            RetryAfter.seconds($0, at: Date())
        }
        switch status {
        case 200...299: return nil
        case 429: return .busy(seconds: retryAfter ?? pauseUnsaid)
        case 401, 403: return .unauthorized("it answers \(status)")
        case 503 where retryAfter != nil: return .busy(seconds: retryAfter ?? pauseUnsaid)
        case 500...599: return .unavailable("it answers \(status)")
        default: return .refused("it answers \(status)")
        }
    }
}

extension ProviderFailure {
    /// Whether the same request may fare better a moment later.
    fileprivate var mayPass: Bool {
        switch self {
        case .unavailable, .unreadable: true
        case .busy, .unauthorized, .refused: false
        }
    }
}

/// Keeps requests to one vendor apart, as its terms want: each waits for its turn.
final class RequestPace: Sendable {
    private let interval: Duration
    private let next = Mutex(ContinuousClock.now)

    /// - Parameter requestsPerMinute: nil where the vendor sets no limit.
    init(requestsPerMinute: Int?) {
        interval = requestsPerMinute.map { .seconds(60) / max($0, 1) } ?? .zero
    }

    func turn() async throws(ProviderFailure) {
        let turn = next.withLock { next in
            let turn = max(next, .now)
            next = turn + interval
            return turn
        }
        guard turn > .now else { return }
        do {
            try await Task.sleep(until: turn)
        } catch {
            throw .unavailable("the request was given up")
        }
    }
}
