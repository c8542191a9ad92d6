import Hummingbird

/// Cancels the work on a request that passes its deadline.
///
/// It stands around the router and not among the middleware, because a child task may only hold what is
/// Sendable, and a middleware's `next` is not.
struct TimeLimitedResponder: HTTPResponder {
    let router: RouterResponder<ServiceContext>
    let limit: Duration

    func respond(to request: Request, context: ServiceContext) async throws -> Response {
        context.allow(limit)
        return try await withThrowingTaskGroup(of: Response?.self) { group in
            group.addTask { try await router.respond(to: request, context: context) }
            group.addTask {
                try? await context.deadline.passed()
                return nil
            }
            defer { group.cancelAll() }
            // Cancelling is all that the deadline does. What the work then answers is the answer: it may have
            // committed in the last moment, and then the client must learn that.
            if let response = try await group.next() ?? nil { return response }
            group.cancelAll()
            guard let response = try await group.next() ?? nil else { throw CancellationError() }
            return response
        }
    }
}
