import DatabaseClient
import Hummingbird

/// Says in a module's own words what the database refused, for each of its routes.
struct RefusalMiddleware: RouterMiddleware {
    typealias Context = ServiceContext

    let module: any ServiceModule

    func handle(
        _ request: Request, context: ServiceContext,
        next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as DatabaseError {
            throw module.refusal(of: error) ?? error
        }
    }
}
