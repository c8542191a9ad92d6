import HTTPTypes
import Hummingbird

/// While the service drains, ends each connection after the answer that is under way on it.
///
/// The client learns it from `Connection: close`, so it does not send another request into a closing
/// connection.
struct DrainMiddleware: RouterMiddleware {
    typealias Context = ServiceContext

    let drain: DrainState

    func handle(
        _ request: Request, context: ServiceContext,
        next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        if drain.isDraining {
            response.headers[.connection] = "close"
            context.channel.pipeline.fireUserInboundEventTriggered(EndAfterAnswer())
        }
        return response
    }
}
