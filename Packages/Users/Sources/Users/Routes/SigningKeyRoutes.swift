import ServiceKit
import UsersContract

/// `/.well-known/jwks.json`. A new key is published an hour before it signs, so five minutes in a cache lose no request.
struct SigningKeyRoutes {
    private typealias API = UsersAPI

    let keys: SigningKeys

    func add(to routes: EndpointRoutes) {
        routes.open(API.PublishSigningKeys.self) { .ok(try await keys.published(at: $0.now)) }
    }
}
