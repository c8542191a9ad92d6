import CoreMetrics
import Logging

extension ServiceApplication {
    /// A context as a process of its own, configured by its environment. It bootstraps logging and metrics, so it is
    /// called once, by the executable.
    ///
    /// Throws ``ConfigurationFaults``, all at once.
    public static func fromEnvironment<Module: ContextModule>(
        _: Module.Type
    ) async throws -> ServiceApplication {
        let name = "\(Module.context)-service"
        var settings = try await Settings.load()
        let configuration = ServiceConfiguration(from: &settings, context: Module.context)
        let keysURL =
            Module.issuedKeys == nil
            ? settings.string(
                "JWKS_URL", expected: "the address of the users service's /.well-known/jwks.json")
            : ""
        let module = Module.configured(by: &settings)
        try settings.finish()
        configuration.bootstrapLogging()
        let metrics = PrometheusMetrics()
        MetricsSystem.bootstrap(metrics)
        let logger = Logger(label: name)
        let resources = ServiceResources(
            database: configuration.database, worker: configuration.worker,
            heavyWorkThreads: configuration.heavyWorkThreads, logger: logger)
        let served = module(resources)
        let keys =
            Module.issuedKeys?(served) ?? .remote(url: keysURL, cacheFile: configuration.keysCacheFile)
        return ServiceApplication(
            name: name, configuration: configuration,
            modules: [
                served,
                EventOperationsModule(
                    [Module.context: resources.events], retentionDays: configuration.eventRetentionDays),
            ],
            databases: [resources.database, resources.worker],
            services: [IdempotencyRetention(worker: resources.worker, logger: logger).service],
            verifier: TokenVerifier(
                source: keys, issuer: configuration.tokenIssuer, audience: configuration.tokenAudience,
                logger: logger),
            metrics: metrics, logger: logger)
    }
}
