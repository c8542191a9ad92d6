public import DatabaseClient
import EventLog
public import Foundation
public import Logging
import PeriodicWork
public import ServiceKit
public import ServiceLifecycle
public import TabularText

/// The market context: instruments, daily bars and exchange rates. Nothing else of the package is public but what
/// the imports and the seeding take and give.
public struct MarketModule: ContextModule {
    public static let context = "market"
    public let openAPI = OpenAPI.json

    let database: Database
    let logger: Logger
    let now: @Sendable () -> Date
    let configuration: MarketConfiguration
    let watch: QuoteWatch
    /// Ends a silence of an event stream, so that the client and what stands between know that it lives.
    var heartbeat = Duration.seconds(15)

    /// - Parameters:
    ///   - database: under the role `market_service`.
    ///   - configuration: which providers are asked for prices; none where nothing is said.
    ///   - now: the clock that every row's times come from.
    public init(
        database: Database, configuration: MarketConfiguration = MarketConfiguration(),
        logger: Logger = Logger(label: "market"), now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.database = database
        self.configuration = configuration
        self.logger = logger
        self.now = now
        watch = QuoteWatch(database: database, logger: logger)
    }

    /// Makes the module out of what a process of its own has.
    public static func configured(by settings: inout Settings) -> @Sendable (ServiceResources) -> Self {
        let configuration = MarketConfiguration(from: &settings)
        return { resources in
            for provider in configuration.namesOff {
                resources.logger.notice("a provider is off", metadata: ["provider": "\(provider)"])
            }
            return MarketModule(
                database: resources.database, configuration: configuration, logger: resources.logger)
        }
    }

    /// Stores the sessions of the exchanges, and looks each hour whether they are still what this program says: a service
    /// that ended would end the process. Reads the feeds that are due, and wakes the streams of quotes.
    public var backgroundServices: [any Service] {
        [
            PeriodicService("market.trading_days", every: .seconds(3_600), logger: logger) {
                [database, now] in
                try await storeTradingDays(on: database, at: now())
                return .done
            },
            FeedService(configuration, on: database, logger: logger, now: now),
            watch.service,
        ]
    }

    /// What a violated constraint means, where a person can mean something by it.
    public func refusal(of error: DatabaseError) -> (any Error)? { MarketError(error) }

    public func addRoutes(to router: ServiceRouter) {
        let routes = EndpointRoutes(router, on: database, now: now)
        InstrumentRoutes(database: database).add(to: routes)
        PriceBarRoutes(database: database).add(to: routes)
        ExchangeRateRoutes(database: database).add(to: routes)
        FeedRoutes(database: database, asked: Set(configuration.providers.keys)).add(to: routes)
        QuoteRoutes(database: database, watch: watch, heartbeat: heartbeat, now: now).add(to: routes)
        SessionRoutes(database: database).add(to: routes)
        PrivateInstrumentRoutes(database: database).add(to: routes)
    }

    /// Imports daily bars outside of a request; see `market-service import-bars`.
    ///
    /// - Parameters:
    ///   - file: is read twice. What is kept in memory does not grow with it, save 16 bytes a row that find a day
    ///     given twice.
    ///   - progress: told after every piece that was written.
    /// - Throws: an error whose description names rows and columns, and then nothing was written.
    public func importBars(
        _ plan: BarImport, from file: ImportedFile, progress: (ImportProgress) -> Void
    ) async throws -> ImportSummary {
        try await database.transaction { transaction in
            try await Market.importBars(
                plan, from: file, in: OperationContext(user: nil, transaction: transaction, now: now()),
                progress: progress)
        }
    }

    /// Imports exchange rates outside of a request, as ``importBars(_:from:progress:)`` does bars.
    public func importExchangeRates(
        source: String, stated: StatedFormat, from file: ImportedFile, progress: (ImportProgress) -> Void
    ) async throws -> ImportSummary {
        try await database.transaction { transaction in
            try await Market.importExchangeRates(
                source: source, stated: stated, from: file,
                in: OperationContext(user: nil, transaction: transaction, now: now()), progress: progress)
        }
    }
}
