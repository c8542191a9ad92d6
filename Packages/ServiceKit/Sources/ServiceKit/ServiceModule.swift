import Hummingbird
import ServiceLifecycle

/// The router that modules add their routes to.
public typealias ServiceRouter = Router<ServiceContext>

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
}
