import HTTPTypes
import Hummingbird
import Logging

/// Logs and counts each request by method, route template and status.
struct RequestLogMiddleware: RouterMiddleware {
    typealias Context = ServiceContext

    private let metrics = RequestMetrics()

    func handle(
        _ request: Request, context: ServiceContext,
        next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await next(request, context)
        let duration = ContinuousClock.now - start
        // The template and not the path: ids would make a series of metrics for each.
        let route = context.endpointPath ?? "NotFound"
        metrics.count(request.method, route, response.status.code, duration)
        context.logger.log(
            level: ["/healthz", "/readyz", "/metrics"].contains(route) ? .debug : .info, "request",
            metadata: [
                "method": .string(request.method.rawValue), "route": .string(route),
                "status": .stringConvertible(response.status.code),
                "microseconds": .stringConvertible(duration.nanoseconds / 1_000),
            ])
        return response
    }
}

extension Duration {
    /// The whole nanoseconds.
    var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}
