import Hummingbird

/// Limits the service's own routes by address, which need no token. A probe on the machine itself is never refused: it
/// would take the service for dead.
struct ProbeRateLimitMiddleware: RouterMiddleware {
    typealias Context = ServiceContext

    let limiter: RateLimiter

    func handle(
        _ request: Request, context: ServiceContext,
        next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        if !["127.0.0.1", "::1"].contains(context.clientAddress.description) {
            try limiter.admit(request, context)
        }
        return try await next(request, context)
    }
}
