import CoreMetrics
import Foundation
import Logging
import Market
import NIOCore
import ServiceKit
import Users

/// Every module behind one port, each on its own pool and under its own database role.
struct CombinedServer: Sendable {
    private let application: ServiceApplication
    private let modules: Modules
    private let folder: DataFolder
    private let mailURL: String
    private let database: LocalDatabase
    private let host: String
    private let port: Int

    struct PortTaken: Error, CustomStringConvertible {
        let port: Int
        var description: String {
            "Port \(port) is taken by another program. Stop that, or choose one with --port."
        }
    }

    init(
        database: LocalDatabase, folder: DataFolder, mailURL: String,
        marketConfiguration: MarketConfiguration,
        host: String, port: Int
    ) throws {
        var configuration = ServiceConfiguration()
        configuration.host = host
        configuration.port = port
        configuration.drainDelaySeconds = 0
        configuration.drainSeconds = 10
        let metrics = PrometheusMetrics()
        MetricsSystem.bootstrap(metrics)
        var logger = Logger(label: "dev-server")
        logger.logLevel = .warning
        modules = try Modules(
            configuration: configuration, marketConfiguration: marketConfiguration, database: database,
            folder: folder, mailURL: mailURL, logger: logger)
        let users = modules.users
        let verifier = TokenVerifier(
            source: .inProcess { try await users.publishSigningKeys() }, issuer: configuration.tokenIssuer,
            audience: configuration.tokenAudience, logger: logger)
        application = ServiceApplication(
            name: "grove", configuration: configuration,
            modules: modules.all, databases: modules.databases, services: modules.services,
            verifier: verifier, metrics: metrics, logger: logger)
        self.folder = folder
        self.mailURL = mailURL
        self.database = database
        self.host = host
        self.port = port
    }

    /// Serves until Ctrl-C or SIGTERM. The demo's data is put in over HTTP, as a user would.
    func run(demo: DemoData?, console: Console) async throws {
        console.step("Serving \(modules.all.map(\.name).joined(separator: ", "))")
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
            try await demo?.seed(modules, url: url, console: console)
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
              mail      \(mailURL)   (scripts/mail shows it; the tokens that Users mails are files in \(folder.mail))
              psql      psql '\(database.connectionString(role: "postgres"))'
            """)
        if let demo { console.say(demo.introduction(url: url)) }
        console.say("\nCtrl-C stops everything.")
    }
}
