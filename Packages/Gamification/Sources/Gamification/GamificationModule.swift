public import DatabaseClient
public import EventLog
public import Foundation
public import Logging
public import ServiceKit
public import ServiceLifecycle

/// The gamification context: experience, levels, quests, achievements and the season's battle pass.
public struct GamificationModule: ContextModule {
    public static let context = "gamification"
    public let openAPI = OpenAPI.json

    let database: Database
    let worker: Database
    let events: EventLog
    let logger: Logger
    let now: @Sendable () -> Date

    /// - Parameters:
    ///   - database: under the role `gamification_service`.
    ///   - worker: under the role `gamification_worker`, which finds whose quests are over.
    ///   - events: where it hears of the other contexts, and tells what was reached.
    ///   - now: the clock of claims and of what is over; an event counts at the moment at which it was told.
    public init(
        database: Database, worker: Database, events: EventLog, logger: Logger,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.database = database
        self.worker = worker
        self.events = events
        self.logger = logger
        self.now = now
    }

    public var backgroundServices: [any Service] {
        [
            EventConsumerService(progress(), log: events),
            QuestExpiry(database: database, worker: worker, logger: logger, now: now).service,
        ]
    }

    /// Makes the module out of what a process of its own has.
    public static func configured(by settings: inout Settings) -> @Sendable (ServiceResources) -> Self {
        {
            GamificationModule(
                database: $0.database, worker: $0.worker, events: $0.events, logger: $0.logger)
        }
    }

    /// What a violated constraint means, where a person can mean something by it.
    public func refusal(of error: DatabaseError) -> (any Error)? { GamificationError(error) }

    public func addRoutes(to router: ServiceRouter) {
        let routes = EndpointRoutes(router, on: database, now: now)
        ProgressRoutes(database: database).add(to: routes)
        QuestRoutes(database: database, events: events).add(to: routes)
        BattlePassRoutes(database: database, events: events).add(to: routes)
        CatalogueQuestRoutes(database: database).add(to: routes)
        CatalogueAchievementRoutes(database: database).add(to: routes)
        CatalogueSeasonRoutes(database: database, events: events).add(to: routes)
    }

    /// Puts in a few quests, achievements and a season that runs, for the dev server. Again, it changes
    /// nothing.
    public func seedDemoCatalogue() async throws {
        try await database.transaction {
            try await Gamification.seedDemoCatalogue(
                in: OperationContext(user: nil, transaction: $0, now: now()))
        }
    }

    /// - Parameter catalogueLifetime: how old what it knows of the catalogue may be.
    func progress(catalogueLifetime: Duration = .seconds(1)) -> EventConsumer {
        ProgressConsumer(
            events: events, catalogue: CatalogueCache(lifetime: catalogueLifetime, logger: logger)
        ).consumer
    }
}
