import DatabaseClient
import EventLog
import Gamification
import Logging
import Market
import Notifications
import Portfolios
import ServiceKit
import ServiceLifecycle
import Users

/// Every module, each on its own pools and under its own database roles.
struct Modules: Sendable {
    let users: UsersModule
    let market: MarketModule
    let portfolios: PortfoliosModule
    let gamification: GamificationModule
    let notifications: NotificationsModule
    let operations: EventOperationsModule
    /// The pool of Users, through which the demo's operator gets the role.
    let usersDatabase: Database
    let databases: [Database]
    let services: [any Service]

    /// - Parameter mailURL: the server that takes mail, as `smtp://127.0.0.1:2525`.
    init(
        configuration: ServiceConfiguration, database: LocalDatabase, folder: DataFolder, mailURL: String,
        logger: Logger
    ) throws {
        func resources(_ context: String) -> ServiceResources {
            var configuration = configuration
            configuration.databaseURL = database.connectionString(role: "\(context)_service")
            configuration.workerDatabaseURL = database.connectionString(role: "\(context)_worker")
            configuration.databaseMaximumConnections = 3
            return ServiceResources(configuration, name: "grove-dev-\(context)", logger: logger)
        }
        let contexts = ["users", "market", "portfolios", "gamification", "notifications"].map(resources)
        databases = contexts.flatMap { [$0.database, $0.worker] }
        usersDatabase = contexts[0].database
        users = UsersModule(
            database: contexts[0].database, events: contexts[0].events,
            configuration: try UsersConfiguration(
                sealingKey: try folder.sealingKey(of: "users"), mailFolder: folder.mail,
                tokenIssuer: configuration.tokenIssuer, tokenAudience: configuration.tokenAudience),
            logger: logger)
        market = MarketModule(database: contexts[1].database)
        portfolios = PortfoliosModule(
            database: contexts[2].database, events: contexts[2].events,
            heavyWork: HeavyWork(threads: contexts[2].heavyWorkThreads))
        gamification = GamificationModule(
            database: contexts[3].database, worker: contexts[3].worker, events: contexts[3].events,
            logger: logger)
        notifications = NotificationsModule(
            database: contexts[4].database, worker: contexts[4].worker, events: contexts[4].events,
            configuration: try NotificationsConfiguration(
                sealingKey: try folder.sealingKey(of: "notifications"),
                mail: try MailSettings(
                    url: mailURL, sender: try MailAddress(parsing: "grove@localhost"), requiresTLS: false)),
            logger: logger)
        services = [IdempotencyRetentionService(worker: contexts[0].worker, logger: logger)]
        operations = EventOperationsModule(
            log: contexts[3].events, database: contexts[3].database)
    }

    var all: [any ServiceModule] {
        [users, market, portfolios, gamification, notifications, operations]
    }
}
