import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceKit

/// `/.well-known/jwks.json`.
struct SigningKeyRoutes {
    let keys: SigningKeys
    let now: @Sendable () -> Date

    func add(to router: ServiceRouter) { router.get("/.well-known/jwks.json", use: publish) }

    @Sendable private func publish(_ request: Request, _ context: ServiceContext) async throws -> Response {
        // A new key is published an hour before it signs, so five minutes in a cache lose no request.
        Response(
            status: .ok,
            headers: [.contentType: "application/json", .cacheControl: "public, max-age=300"],
            body: .init(byteBuffer: ByteBuffer(string: try await keys.document(at: now()))))
    }
}
