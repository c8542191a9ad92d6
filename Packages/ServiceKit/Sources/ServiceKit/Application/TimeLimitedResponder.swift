import DatabaseClient
import HTTPTypes
import Hummingbird

/// Cancels the work on a request that passes its deadline. The work is a task of its own, so that its connection is not
/// cancelled with it.
///
/// It runs where its connection does, on the thread on which the database answers, unless the request brings a body that
/// takes long to read: all else would wait for that.
struct TimeLimitedResponder: HTTPResponder {
    let router: RouterResponder<ServiceContext>
    let limit: Duration
    let watch = DeadlineWatch()

    /// So much is parsed within a fraction of a millisecond.
    private static let shortBytes = 8_192

    func respond(to request: Request, context: ServiceContext) async throws -> Response {
        context.allow(limit)
        let thread = Self.hasShortBody(request) ? EpollTaskExecutor.current : nil
        let work = Task(executorPreference: thread) {
            try await router.respond(to: request, context: context)
        }
        let id = watch.begin(work, until: context.deadline)
        defer { watch.end(id) }
        // Cancelling is all that the deadline does. What the work then answers is the answer: it may have committed in the
        // last moment, and then the client must learn that.
        return try await withTaskCancellationHandler {
            try await work.value
        } onCancel: {
            work.cancel()
        }
    }

    private static func hasShortBody(_ request: Request) -> Bool {
        if let length = request.headers[.contentLength] {
            return Int(length).map { $0 <= shortBytes } ?? false
        }
        return request.headers[.transferEncoding] == nil
    }
}
