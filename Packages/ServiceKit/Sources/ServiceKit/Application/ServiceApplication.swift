import DatabaseClient
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import PeriodicWork
import ServiceLifecycle
import UnixSignals

/// A service: modules behind one HTTP server, and all that surrounds them.
public struct ServiceApplication: Sendable {
    /// The methods that routes answer to; on a path that is known, any other of them is refused with 405.
    static let methods: [HTTPRequest.Method] = [
        .get, .head, .post, .put, .patch, .delete, .options, .trace, .connect, otherMethod,
    ]
    /// Stands for each method that is not among them: clients may invent as many as they like.
    static let otherMethod = HTTPRequest.Method("OTHER") ?? .trace

    let name: String
    let configuration: ServiceConfiguration
    let modules: [any ServiceModule]
    let databases: [Database]
    let verifier: TokenVerifier
    let metrics: PrometheusMetrics?
    let now: @Sendable () -> Date
    let logger: Logger
    let drain = DrainState()
    let readiness: Readiness
    /// What runs beside the requests, the keys of tokens first.
    let services: [any Service]

    /// A service that is ready to run.
    ///
    /// - Parameters:
    ///   - name: The service's name, as `users-service`: the title of its OpenAPI document.
    ///   - databases: The pools that its modules use; readiness asks each, and the shutdown closes them.
    ///   - services: What runs beside the modules, for as long as they do.
    ///   - metrics: What `/metrics` shows; the executable has bootstrapped swift-metrics with it.
    ///   - now: The clock, for ids of requests.
    public init(
        name: String, configuration: ServiceConfiguration, modules: [any ServiceModule],
        databases: [Database], services: [any Service] = [],
        verifier: TokenVerifier, metrics: PrometheusMetrics? = nil,
        now: @escaping @Sendable () -> Date = { Date() }, logger: Logger
    ) {
        self.name = name
        self.configuration = configuration
        self.modules = modules
        self.databases = databases
        self.verifier = verifier
        self.metrics = metrics
        self.now = now
        self.logger = logger
        // Once: what repeats remembers how it fares.
        self.services = [verifier.service] + services + modules.flatMap(\.backgroundServices)
        readiness = Readiness(databases: databases, logger: logger)
    }

    /// Serves until SIGTERM or SIGINT; then drains, closes the pools and returns.
    ///
    /// - Parameter onRunning: is called with the bound port as soon as the server accepts connections.
    public func run(onRunning: @escaping @Sendable (_ port: Int) async -> Void = { _ in }) async throws {
        let group = try group(signals: [.sigterm, .sigint], onRunning: onRunning)
        let outcome: Result<Void, any Error>
        do {
            try await group.run()
            outcome = .success(())
        } catch is CancellationError where drain.isDraining {
            logger.error("Requests were still running after DRAIN_SECONDS and were cut off.")
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        for database in databases { await database.close() }
        logger.info("The service has ended.")
        try outcome.get()
    }

    /// Serves without handling signals, calls the body with the bound port, and shuts down when it returns.
    /// The pools stay open. For tests, and for programs that serve for the length of a task.
    public func serve<Value: Sendable>(
        _ body: @escaping @Sendable (_ port: Int) async throws -> Value
    ) async throws -> Value {
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let group = try group(signals: []) { continuation.yield($0) }
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { continuation.finish() }
                try await group.run()
            }
            var iterator = ports.makeAsyncIterator()
            guard let port = await iterator.next() else {
                try await tasks.waitForAll()
                throw CancellationError()
            }
            let outcome: Result<Value, any Error>
            do {
                outcome = .success(try await body(port))
            } catch {
                outcome = .failure(error)
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return try outcome.get()
        }
    }

    private func group(
        signals: [UnixSignal], onRunning: @escaping @Sendable (Int) async -> Void
    ) throws -> ServiceGroup {
        let server = server(
            try router(), port: configuration.port, registry: connectionRegistry(),
            onRunning: { channel in
                drain.listen(on: channel)
                await onRunning(channel.localAddress?.port ?? 0)
            })
        var servers: [any Service] = [server]
        if let port = configuration.managementPort {
            // It ends after the other, so that probes see the service drain.
            servers.insert(
                self.server(
                    managementRouter(), port: port,
                    registry: ConnectionRegistry(
                        maximum: Self.managementConnections, maximumPerAddress: Self.managementConnections,
                        countsAddresses: false, logger: logger)),
                at: 0)
        }
        // Services end in the reverse order: the gate closes first, then the server drains, and what requests
        // need ends last.
        let all: [any Service] =
            services + servers
            + [DrainGate(state: drain, delay: .seconds(configuration.drainDelaySeconds), logger: logger)]
        var group = ServiceGroupConfiguration(
            services: all, gracefulShutdownSignals: signals, logger: logger)
        group.maximumGracefulShutdownDuration = .seconds(
            // The delay stands twice: before the socket closes, and as the grace of idle connections after
            // it.
            2 * configuration.drainDelaySeconds + configuration.drainSeconds)
        return ServiceGroup(configuration: group)
    }

    private static let managementConnections = 64
    /// How long a client may keep a connection without progress once the service is about to end.
    private static let drainingSeconds: Int64 = 5

    private func connectionRegistry() -> ConnectionRegistry {
        let descriptors = DescriptorLimit.raise()
        let limits = configuration.limits
        let maximum =
            limits.maximumConnections > 0
            ? limits.maximumConnections
            : DescriptorLimit.connections(
                descriptors: descriptors, databaseConnections: configuration.database.maximumConnections)
        return ConnectionRegistry(
            maximum: maximum, maximumPerAddress: limits.maximumConnectionsPerAddress,
            countsAddresses: limits.trustedProxies == 0, logger: logger)
    }

    private func server(
        _ router: Router<ServiceContext>, port: Int, registry: ConnectionRegistry,
        onRunning: @escaping @Sendable (any Channel) async -> Void = { _ in }
    ) -> some Service {
        let limits = configuration.limits
        let grace = TimeAmount.seconds(Int64(configuration.drainDelaySeconds))
        return Application(
            responder: TimeLimitedResponder(
                router: router.buildResponder(), limit: .seconds(limits.requestSeconds)),
            server: HTTPServerBuilder { responder in
                BoundedHTTP1Channel(
                    http1: HTTP1Channel(
                        responder: responder,
                        configuration: .init(
                            additionalChannelHandlers: [QuiesceGraceHandler(grace: grace)],
                            idleTimeout: .seconds(Int64(limits.idleSeconds)))),
                    registry: registry, writeTimeout: .seconds(Int64(limits.writeSeconds)),
                    drainingTimeout: .seconds(Self.drainingSeconds),
                    remainder: .seconds(Int64(limits.requestSeconds)))
            },
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: port), serverName: nil),
            onServerRunning: onRunning, logger: logger)
    }
}
