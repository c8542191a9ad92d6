import HTTPTypes
import Hummingbird
import NIOCore
import ServiceKit

extension UsersModule {
    func addSigningKeyRoutes(to router: ServiceRouter) {
        router.get("/.well-known/jwks.json") { _, _ in
            // A new key is published an hour before it signs, so five minutes in a cache lose nobody.
            Response(
                status: .ok,
                headers: [.contentType: "application/json", .cacheControl: "public, max-age=300"],
                body: .init(byteBuffer: ByteBuffer(string: try await publishSigningKeys())))
        }
    }
}
