/// A bounded context that can be a service of its own: it reads its own settings, and is made over the service's
/// pools.
public protocol ContextModule: ServiceModule {
    /// The context in lower case, as its roles have it: "portfolios" for `portfolios_service`.
    static var context: String { get }
    /// Where the keys of access tokens come from in the process that issues them; nil for a service that fetches
    /// them from `JWKS_URL`.
    static var issuedKeys: (@Sendable (Self) -> KeySource)? { get }
    /// Reads the settings of the context's own and notes their faults. What is returned makes the module, and is
    /// called only where nothing was wrong.
    static func configured(by settings: inout Settings) -> @Sendable (ServiceResources) -> Self
}

extension ContextModule {
    public var name: String { Self.context }
    public static var issuedKeys: (@Sendable (Self) -> KeySource)? { nil }
}
