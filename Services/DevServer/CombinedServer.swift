import CoreMetrics
import DatabaseClient
import Foundation
import Logging
import Market
import NIOCore
import Portfolios
import ServiceKit
import Users

/// Every module behind one port, each on its own pool and under its own database role.
struct CombinedServer: Sendable {
    private let application: ServiceApplication
    private let market: MarketModule
    private let folder: DataFolder
    private let database: LocalDatabase
    private let host: String
    private let port: Int

    struct PortTaken: Error, CustomStringConvertible {
        let port: Int
        var description: String {
            "Port \(port) is taken by another program. Stop that, or choose one with --port."
        }
    }

    init(database: LocalDatabase, folder: DataFolder, host: String, port: Int) throws {
        var configuration = ServiceConfiguration()
        configuration.host = host
        configuration.port = port
        configuration.drainDelaySeconds = 0
        configuration.drainSeconds = 10
        let metrics = PrometheusMetrics()
        MetricsSystem.bootstrap(metrics)
        var logger = Logger(label: "dev-server")
        logger.logLevel = .warning
        func resources(_ context: String) -> ServiceResources {
            var configuration = configuration
            configuration.databaseURL = database.connectionString(role: "\(context)_service")
            configuration.workerDatabaseURL = database.connectionString(role: "\(context)_worker")
            configuration.databaseMaximumConnections = 3
            return ServiceResources(configuration, name: "grove-dev-\(context)", logger: logger)
        }
        let own = (
            users: resources("users"), market: resources("market"), portfolios: resources("portfolios")
        )
        let users = UsersModule(
            database: own.users.database, events: own.users.events,
            configuration: try UsersConfiguration(
                sealingKey: try folder.sealingKey(), mailFolder: folder.mail,
                tokenIssuer: configuration.tokenIssuer, tokenAudience: configuration.tokenAudience),
            logger: logger)
        let market = MarketModule(database: own.market.database)
        let verifier = TokenVerifier(
            source: .inProcess { try await users.publishSigningKeys() }, issuer: configuration.tokenIssuer,
            audience: configuration.tokenAudience, logger: logger)
        application = ServiceApplication(
            name: "grove", configuration: configuration,
            modules: [
                users, market,
                PortfoliosModule(database: own.portfolios.database, events: own.portfolios.events),
            ],
            databases: [own.users, own.market, own.portfolios].flatMap { [$0.database, $0.worker] },
            verifier: verifier, metrics: metrics,
            logger: logger)
        self.market = market
        self.folder = folder
        self.database = database
        self.host = host
        self.port = port
    }

    /// Serves until Ctrl-C or SIGTERM. The demo's data is put in over HTTP, as a user would.
    func run(demo: DemoData?, console: Console) async throws {
        console.step("Serving users, market and portfolios")
        let (ports, running) = AsyncStream.makeStream(of: Int.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            // The server accepts only after it was told that it runs, so the seeding goes on beside it.
            group.addTask {
                for await port in ports { await welcome(port: port, demo: demo, console: console) }
            }
            do {
                try await application.run { running.yield($0) }
            } catch let error as IOError where error.errnoCode == EADDRINUSE {
                throw PortTaken(port: port)
            }
            group.cancelAll()
        }
    }

    private func welcome(port: Int, demo: DemoData?, console: Console) async {
        let url = "http://\(host):\(port)"
        do {
            try await demo?.seed(market: market, url: url, console: console)
        } catch is CancellationError {
            // Ctrl-C came first.
            return
        } catch {
            // What a developer has changed of the demo is no reason not to serve.
            console.fail("The demo data could not be put in: \(error)")
        }
        announce(url: url, demo: demo, console: console)
    }

    private func announce(url: String, demo: DemoData?, console: Console) {
        console.say(
            """

            Grove is ready at \(url)   (API: \(url)/openapi.json, metrics: \(url)/metrics)
              mail    \(folder.mail)   (until Notifications exists, each message is a file here)
              psql    psql '\(database.connectionString(role: "postgres"))'
            """)
        if let demo { console.say(demo.introduction(url: url)) }
        console.say("\nCtrl-C stops everything.")
    }
}
