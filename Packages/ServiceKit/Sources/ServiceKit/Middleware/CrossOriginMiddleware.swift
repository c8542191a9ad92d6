import HTTPTypes
import Hummingbird

/// Lets pages of the configured origins call the service (CORS).
///
/// Hummingbird's own middleware takes its origins as arguments and not as a list, and names the exposed
/// headers only in answers to preflights, where browsers do not look for them.
struct CrossOriginMiddleware: RouterMiddleware {
    typealias Context = ServiceContext

    /// The origins; "*" alone admits all.
    let origins: Set<String>

    private static let allowedHeaders: [HTTPField.Name] = [
        .accept, .authorization, .contentType, .ifMatch, .ifNoneMatch, .idempotencyKey, .lastEventID,
        .requestID,
    ]
    private static let exposedHeaders: [HTTPField.Name] = [
        .eTag, .location, .retryAfter, .idempotencyReplayed, .requestID,
    ]

    func handle(
        _ request: Request, context: ServiceContext,
        next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        guard let origin = request.headers[.origin] else { return try await next(request, context) }
        let isAllowed = origins == ["*"] || origins.contains(origin)
        let isPreflight = request.method == .options && request.headers[.accessControlRequestMethod] != nil
        var response: Response
        if isPreflight, isAllowed {
            response = Response(status: .noContent)
            response.headers[.accessControlAllowMethods] = "GET, HEAD, POST, PUT, PATCH, DELETE"
            response.headers[.accessControlAllowHeaders] = Self.list(Self.allowedHeaders)
            response.headers[.accessControlMaxAge] = "600"
        } else {
            response = try await next(request, context)
        }
        if isAllowed {
            response.headers[.accessControlAllowOrigin] = origins == ["*"] ? "*" : origin
            response.headers[.accessControlExposeHeaders] = Self.list(Self.exposedHeaders)
        }
        response.headers[values: .vary].append("Origin")
        return response
    }

    private static func list(_ names: [HTTPField.Name]) -> String {
        names.map(\.rawName).joined(separator: ", ")
    }
}
