import HTTPTypes
import Hummingbird
import Logging

/// Reads the access token. A request without one goes on without a principal; a token that is not accepted
/// ends it with 401.
struct AuthenticationMiddleware: RouterMiddleware {
    typealias Context = ServiceContext

    let verifier: TokenVerifier
    let limiter: RateLimiter

    func handle(
        _ request: Request, context: ServiceContext,
        next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        guard let header = request.headers[.authorization] else { return try await next(request, context) }
        var context = context
        do {
            context.principal = try await principal(header)
        } catch {
            // A refused token counts against the address, or guessing would be free.
            try limiter.admit(request, context)
            throw error
        }
        context.logger[metadataKey: "user_id"] = context.principal.map { .stringConvertible($0.userID) }
        return try await next(request, context)
    }

    private func principal(_ header: String) async throws -> Principal {
        let parts = header.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else {
            throw Problem.unauthenticated("Authorization must be \"Bearer TOKEN\".", error: "invalid_request")
        }
        return try await verifier.principal(of: String(parts[1]))
    }
}
