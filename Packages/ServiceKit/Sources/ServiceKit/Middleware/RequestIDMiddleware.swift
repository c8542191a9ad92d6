import ExactTypes
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import SharedTypes

extension HTTPField.Name {
    /// The id of a request, which a client or a proxy may give and every answer repeats.
    static let requestID = HTTPField.Name.known("X-Request-Id")
    static let forwardedFor = HTTPField.Name.known("X-Forwarded-For")
    static let idempotencyKey = HTTPField.Name.known("Idempotency-Key")
    /// After which event a stream goes on.
    public static let lastEventID = HTTPField.Name.known("Last-Event-ID")
    static let idempotencyReplayed = HTTPField.Name.known("Idempotency-Replayed")
    static let referrerPolicy = HTTPField.Name.known("Referrer-Policy")

    /// A name that is written here and therefore valid; the fallback keeps the initializer's nil away.
    private static func known(_ name: String) -> HTTPField.Name { HTTPField.Name(name) ?? .from }
}

/// Gives each request its id, its client's address and the service's limits.
struct RequestIDMiddleware: RouterMiddleware {
    typealias Context = ServiceContext

    let limits: ServiceLimits
    let now: @Sendable () -> Date

    func handle(
        _ request: Request, context: ServiceContext,
        next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.requestID =
            request.headers[.requestID].flatMap { Self.isSane($0) ? $0 : nil }
            ?? UUID.version7(at: now()).uuidString.lowercased()
        context.bodyLimit = limits.bodyBytes
        if let address = forwardedAddress(of: request) { context.clientAddress = address }
        // Hummingbird's own counter would only stand beside the id that everybody else knows.
        context.logger[metadataKey: "hb.request.id"] = nil
        context.logger[metadataKey: "request_id"] = .string(context.requestID)
        var response = try await next(request, context)
        response.headers[.requestID] = context.requestID
        return response
    }

    /// The address that the outermost of our own proxies has seen; nil where the service stands behind none, or
    /// the hop is no address, so that it counts as the proxy's.
    private func forwardedAddress(of request: Request) -> ClientAddress? {
        let hops = request.headers[values: .forwardedFor].flatMap { $0.split(separator: ",") }
        guard limits.trustedProxies > 0, hops.count >= limits.trustedProxies else { return nil }
        return ClientAddress(parsing: hops[hops.count - limits.trustedProxies])
    }

    /// Whether an id that a client chose may stand in logs, headers and tables: so long as the columns that keep it.
    static func isSane(_ id: String) -> Bool {
        (1...100).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                    UInt8(ascii: "."), UInt8(ascii: ":"):
                    true
                default: false
                }
            }
    }
}
