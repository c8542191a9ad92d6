import Hummingbird
import ServiceLifecycle

/// The router that modules add their routes to.
public typealias ServiceRouter = Router<ServiceContext>

/// A bounded context as a service sees it: the one public door of a module.
public protocol ServiceModule: Sendable {
    /// The context's name in lower case: "portfolios".
    var name: String { get }
    /// The module's OpenAPI 3.1 document as JSON.
    var openAPI: String { get }
    /// Adds the module's routes.
    func addRoutes(to router: ServiceRouter)
    /// What runs beside the requests for as long as the service does: each runs until it is told to shut
    /// down.
    var backgroundServices: [any Service] { get }
}
