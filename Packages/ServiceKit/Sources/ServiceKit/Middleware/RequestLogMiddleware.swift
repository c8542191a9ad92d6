import HTTPTypes
import Hummingbird
import Logging
import Metrics

/// Logs and counts each request by method, route template and status.
struct RequestLogMiddleware: RouterMiddleware {
    typealias Context = ServiceContext

    func handle(
        _ request: Request, context: ServiceContext,
        next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await next(request, context)
        let duration = ContinuousClock.now - start
        // The template and not the path: ids would make a series of metrics for each.
        let route = context.endpointPath ?? "NotFound"
        let dimensions = [
            ("method", request.method.rawValue), ("route", route),
            ("status", String(response.status.code)),
        ]
        Counter(label: "http_requests", dimensions: dimensions).increment()
        Metrics.Timer(label: "http_request_duration", dimensions: [("route", route)])
            .recordNanoseconds(duration.nanoseconds)
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
