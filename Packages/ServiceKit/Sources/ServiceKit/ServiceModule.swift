public import DatabaseClient
import Hummingbird
import ServiceLifecycle

/// What a module adds its routes to.
public typealias ServiceRouter = RouterGroup<ServiceContext>

/// A bounded context as a service sees it: all that a module makes public.
public protocol ServiceModule: Sendable {
    /// The context's name in lower case: "portfolios".
    var name: String { get }
    /// The module's OpenAPI 3.1 document as JSON.
    var openAPI: String { get }
    /// Adds the module's routes.
    func addRoutes(to router: ServiceRouter)
    /// What runs beside the requests for as long as the service does: each runs until the service shuts
    /// down.
    var backgroundServices: [any Service] { get }
    /// The module's own error for what the database refused of a request, as a violated constraint of the module's
    /// tables; nil where a request cannot be the cause.
    func refusal(of error: DatabaseError) -> (any Error)?
}

extension ServiceModule {
    /// None: no request can violate a constraint of this module.
    public func refusal(of error: DatabaseError) -> (any Error)? { nil }
}
