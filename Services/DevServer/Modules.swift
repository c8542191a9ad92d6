import DatabaseClient
import EventLog
import Gamification
import Logging
import Mail
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

    /// - Parameters:
    ///   - marketConfiguration: which providers are asked for prices.
    ///   - mailURL: the server that takes mail, as `smtp://127.0.0.1:2525`.
    init(
        configuration: ServiceConfiguration, marketConfiguration: MarketConfiguration,
        database: LocalDatabase, folder: DataFolder, mailURL: String, logger: Logger
    ) throws {
        func resources<Module: ContextModule>(of _: Module.Type) -> ServiceResources {
            let pool = DatabaseConfiguration(
                connectionString: database.connectionString(role: "\(Module.context)_service"),
                maximumConnections: 3, applicationName: "grove-dev-\(Module.context)")
            return ServiceResources(
                database: pool,
                worker: pool.forWorker(database.connectionString(role: "\(Module.context)_worker")),
                heavyWorkThreads: configuration.heavyWorkThreads, logger: logger)
        }
        let ofUsers = resources(of: UsersModule.self)
        let ofMarket = resources(of: MarketModule.self)
        let ofPortfolios = resources(of: PortfoliosModule.self)
        let ofGamification = resources(of: GamificationModule.self)
        let ofNotifications = resources(of: NotificationsModule.self)
        users = UsersModule(
            database: ofUsers.database, worker: ofUsers.worker, events: ofUsers.events,
            configuration: try UsersConfiguration(
                sealingKey: try folder.sealingKey(of: UsersModule.context),
                mail: .folder(MailFolder(path: folder.mail)),
                tokenIssuer: configuration.tokenIssuer, tokenAudience: configuration.tokenAudience),
            logger: logger)
        market = MarketModule(
            database: ofMarket.database, configuration: marketConfiguration, logger: logger)
        portfolios = PortfoliosModule(
            database: ofPortfolios.database, events: ofPortfolios.events,
            heavyWork: HeavyWork(threads: ofPortfolios.heavyWorkThreads))
        gamification = GamificationModule(
            database: ofGamification.database, worker: ofGamification.worker, events: ofGamification.events,
            logger: logger)
        notifications = NotificationsModule(
            database: ofNotifications.database, worker: ofNotifications.worker,
            events: ofNotifications.events,
            configuration: try NotificationsConfiguration(
                sealingKey: try folder.sealingKey(of: NotificationsModule.context),
                mail: try MailSettings(
                    url: mailURL, sender: try MailAddress(parsing: "grove@localhost"), requiresTLS: false)),
            logger: logger)
        let resources = [
            UsersModule.context: ofUsers, MarketModule.context: ofMarket,
            PortfoliosModule.context: ofPortfolios, GamificationModule.context: ofGamification,
            NotificationsModule.context: ofNotifications,
        ]
        operations = EventOperationsModule(resources.mapValues(\.events))
        databases = resources.values.flatMap { [$0.database, $0.worker] }
        usersDatabase = ofUsers.database
        services = [IdempotencyRetention(worker: ofUsers.worker, logger: logger).service]
    }

    var all: [any ServiceModule] {
        [users, market, portfolios, gamification, notifications, operations]
    }
}
