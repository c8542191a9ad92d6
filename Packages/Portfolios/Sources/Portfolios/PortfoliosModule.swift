public import DatabaseClient
public import EventLog
public import Foundation
public import ServiceKit
public import ServiceLifecycle

/// The portfolios context: portfolios, their ledger, and what follows from it.
public struct PortfoliosModule: ContextModule {
    public static let context = "portfolios"
    public let openAPI = OpenAPI.json
    public let backgroundServices: [any Service] = []

    let database: Database
    let events: EventLog
    let heavyWork: HeavyWork
    let now: @Sendable () -> Date

    /// - Parameters:
    ///   - database: under the role `portfolios_service`.
    ///   - events: where it tells the other contexts what was posted and what was reversed.
    ///   - heavyWork: where files are read and large portfolios replayed.
    ///   - now: the clock that every row's times come from.
    public init(
        database: Database, events: EventLog, heavyWork: HeavyWork,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.database = database
        self.events = events
        self.heavyWork = heavyWork
        self.now = now
    }

    /// Makes the module out of what a process of its own has.
    public static func configured(by settings: inout Settings) -> @Sendable (ServiceResources) -> Self {
        {
            PortfoliosModule(
                database: $0.database, events: $0.events, heavyWork: HeavyWork(threads: $0.heavyWorkThreads))
        }
    }

    /// What a violated constraint means, where a person can mean something by it.
    public func refusal(of error: DatabaseError) -> (any Error)? { PortfoliosError(error) }

    public func addRoutes(to router: ServiceRouter) {
        let routes = EndpointRoutes(router, on: database, now: now)
        PortfolioRoutes(database: database).add(to: routes)
        TransactionRoutes(database: database, events: events).add(to: routes)
        HoldingRoutes(database: database).add(to: routes)
        LotRoutes(database: database).add(to: routes)
        ImportRoutes(database: database, events: events, heavyWork: heavyWork).add(to: routes)
        ExportRoutes(database: database, heavyWork: heavyWork).add(to: routes)
        ValuationRoutes(database: database, heavyWork: heavyWork).add(to: routes)
    }
}
