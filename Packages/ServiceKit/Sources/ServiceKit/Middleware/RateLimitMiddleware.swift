import ContractKit
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// Limits how many requests one user, or one address without a user, may make. Each process counts for
/// itself.
final class RateLimiter: Sendable {
    private let limits: ServiceLimits
    // The lock is held for one bucket's arithmetic, never across a suspension.
    private let buckets: Mutex<TokenBuckets>

    private let now: @Sendable () -> Date

    init(_ limits: ServiceLimits, now: @escaping @Sendable () -> Date) {
        self.limits = limits
        self.now = now
        buckets = Mutex(TokenBuckets(perSecond: limits.requestsPerSecond, burst: limits.requestBurst))
    }

    /// Counts a request; throws 429 with `Retry-After` where it is one too many.
    func admit(_ request: Request, _ context: ServiceContext) throws(Problem) {
        guard limits.requestBurst > 0 else { return }
        let key = context.principal.map { "user \($0.userID)" } ?? "address \(context.clientAddress.network)"
        guard let wait = buckets.withLock({ $0.take(key, at: now()) }) else { return }
        var problem = Problem(
            .tooManyRequests, "rate-limited", "Too many requests",
            detail: "At most \(limits.requestsPerSecond) requests a second are admitted.")
        problem.set(.retryAfter, to: String(Int(exactly: wait.rounded(.up)) ?? 1))
        throw problem
    }
}

/// Applies the rate limit: to the user where the token was accepted, else to the address.
struct RateLimitMiddleware: RouterMiddleware {
    typealias Context = ServiceContext

    let limiter: RateLimiter

    func handle(
        _ request: Request, context: ServiceContext,
        next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        try limiter.admit(request, context)
        return try await next(request, context)
    }
}
