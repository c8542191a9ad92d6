import DatabaseClient
import DatabaseTesting
import EventLog
import ExactTypes
import Foundation
import GroveTesting
import Logging
import PeriodicWork
import SharedTypes
import Synchronization
import Testing

@testable import Gamification

/// All that consume, one after the other: an open transaction of one would hold back what another waits for.
@Suite(.serialized) enum ProgressSuite {}

/// A clock that a test sets.
final class TestClock: Sendable {
    private let moment: Mutex<Date>

    /// 21 November 2026, 10:00 UTC, a Saturday.
    init(_ moment: Date = Date(timeIntervalSince1970: 1_795_255_200)) { self.moment = Mutex(moment) }

    var now: Date { moment.withLock { $0 } }

    func set(_ date: Date) { moment.withLock { $0 = date } }

    func advance(days: Double) { moment.withLock { $0 += days * 86_400 } }
}

/// A database, the log as portfolios writes it and gamification reads it, and a clock of their own.
struct GamificationTest: Sendable {
    private static let cluster = Task { try await TestCluster.dedicated() }

    let test: TestDatabase
    let clock: TestClock
    let database: Database
    let worker: Database
    let portfolios: Database
    /// As portfolios writes it.
    let writer: EventLog

    /// - Parameter isAlone: on a cluster that nobody else's transactions hold back, for whoever consumes.
    static func with(isAlone: Bool = true, _ body: @Sendable (GamificationTest) async throws -> Void)
        async throws
    {
        try await withTestDatabase(on: isAlone ? await cluster.value : nil) { test in
            let clock = TestClock()
            let portfolios = test.database(role: "portfolios_service", maximumConnections: 4)
            try await body(
                GamificationTest(
                    test: test, clock: clock,
                    database: test.database(role: "gamification_service", maximumConnections: 8),
                    worker: test.database(role: "gamification_worker"), portfolios: portfolios,
                    writer: EventLog(
                        service: portfolios, worker: test.database(role: "portfolios_worker"),
                        logger: quiet, now: { clock.now })))
        }
    }

    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// The module as a process has it.
    var module: GamificationModule {
        GamificationModule(
            database: database, worker: worker,
            events: EventLog(service: database, worker: worker, logger: Self.quiet, now: { clock.now }),
            logger: Self.quiet, now: { clock.now })
    }

    /// The module as another process has it, with pools of its own.
    func otherProcess() -> GamificationModule {
        GamificationTest(
            test: test, clock: clock,
            database: test.database(role: "gamification_service", maximumConnections: 6),
            worker: test.database(role: "gamification_worker"), portfolios: portfolios, writer: writer
        ).module
    }

    /// An operation at this moment.
    func operation(_ user: User.ID?, _ transaction: DatabaseTransaction) -> OperationContext {
        OperationContext(user: user, transaction: transaction, now: clock.now)
    }

    /// Gives a user a profile that says nothing but the zone of their clock.
    func setTimeZone(_ zone: String, of user: User.ID) async throws {
        var parameters = Parameters()
        parameters.append(uuid: user.uuid)
        parameters.append(text: zone)
        try await test.owner.query(
            """
            INSERT INTO users.user_profiles (user_id, display_name, time_zone, revision, created_at, updated_at)
            VALUES ($1, 'Ada', $2, 1, now(), now())
            ON CONFLICT ON CONSTRAINT user_profiles_pkey DO UPDATE SET time_zone = excluded.time_zone
            """, parameters)
    }

    /// Appends that a transaction was posted, as Portfolios would at this moment.
    @discardableResult
    func post(
        _ kind: TransactionType, of user: User.ID, _ instrument: Instrument.ID? = nil,
        amount: FixedDecimal = FixedDecimal(100),
        currency: Currency = .usd, isShared: Bool? = true, portfolio: Portfolio.ID? = nil,
        executedAt: Date? = nil
    ) async throws -> Transaction.ID {
        let id = Transaction.ID.version7(at: clock.now)
        let posted = TransactionPosted(
            transactionID: id, portfolioID: portfolio ?? .version7(at: clock.now), kind: kind,
            instrumentID: instrument, isInstrumentShared: instrument == nil ? nil : isShared, quantity: nil,
            grossAmount: amount, currency: currency,
            executedAt: executedAt ?? clock.now)
        try await portfolios.transaction(as: user.uuid) {
            try await writer.append(posted, in: operation(user, $0))
        }
        return id
    }

    func reverse(_ id: Transaction.ID, _ kind: TransactionType = .buy, of user: User.ID) async throws {
        let reversed = TransactionReversed(
            transactionID: id, reversedBy: .version7(at: clock.now), portfolioID: .version7(at: clock.now),
            kind: kind, reversedAt: clock.now)
        try await portfolios.transaction(as: user.uuid) {
            try await writer.append(reversed, in: operation(user, $0))
        }
    }

    /// Runs the consumer until it has read everything.
    func consume(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let module = module
        let service = EventConsumerService(
            module.progress(catalogueLifetime: .zero), log: module.events,
            retries: RetryPolicy(maximumAttempts: 1), pollInterval: .milliseconds(20))
        let task = Task { try await service.run() }
        try await waitUntilRead(sourceLocation: sourceLocation)
        task.cancel()
        _ = await task.result
    }

    func waitUntilRead(seconds: Int = 20, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let log = module.events
        for _ in 0..<(seconds * 50) {
            // A consumer that has no cursors yet is behind nothing.
            let cursors = try await test.owner.query("SELECT count(*) FROM platform.consumer_cursors")[0].int(
                0)
            let state = try await log.consumerStates().first
            if cursors == ProgressConsumer.partitions, state?.behind == 0 {
                let parked = try await log.parkedEvents(of: ProgressConsumer.name)
                #expect(parked.isEmpty, "\(parked)", sourceLocation: sourceLocation)
                return
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("the consumer did not come to the end", sourceLocation: sourceLocation)
    }

    /// Makes a quest that is open from a day ago.
    @discardableResult
    func makeQuest(
        _ code: String, _ members: String, target: String = "1", kind: QuestKind = .oneTime, reward: Int = 50,
        startsAt: Date? = nil, endsAt: Date? = nil
    ) async throws -> Quest.ID {
        let draft = QuestDraft(
            code: code, title: code, description: "", kind: kind, category: .saving,
            criteria: try QuestCriteria(parsing: #"{"event": "transaction.posted", \#(members)}"#),
            target: try FixedDecimal(parsing: target), experienceReward: reward,
            startsAt: startsAt ?? clock.now - 86_400, endsAt: endsAt, status: .active)
        return try await database.transaction { try await createQuest(draft, in: operation(nil, $0)) }.id
    }

    /// A season that began ten days ago and lasts twenty more, with ten days of grace; a tier each thousand
    /// points.
    @discardableResult
    func makeSeason(
        _ number: Int = 1, tiers: Int = 50, perTier: Int = 1_000, free: Reward? = .experience(100),
        premium: Reward? = .badge("gold")
    ) async throws -> BattlePass.ID {
        let draft = SeasonDraft(
            season: number, name: "Season \(number)", startsAt: clock.now - 10 * 86_400,
            endsAt: clock.now + 20 * 86_400, claimUntil: clock.now + 30 * 86_400, price: FixedDecimal(10),
            currency: .usd, status: .active,
            tiers: (1...tiers).map {
                .init(experience: perTier * $0, freeReward: free, premiumReward: premium)
            })
        return try await database.transaction { try await createSeason(draft, in: operation(nil, $0)) }.id
    }

    /// A user's way through a quest; nil where it was not begun.
    func state(_ quest: Quest.ID, of user: User.ID, _ period: String = "once") async throws -> UserQuestRow? {
        try await database.acting(as: user.uuid).findUserQuest(userID: user, questID: quest, period: period)
    }

    func level(of user: User.ID) async throws -> UserLevelRow {
        try await findLevel(of: user, on: database.acting(as: user.uuid), at: clock.now)
    }

    /// Keys of the events of a type, in their order.
    func told(_ type: String, of user: User.ID) async throws -> [String] {
        var parameters = Parameters()
        parameters.append(text: type)
        parameters.append(uuid: user.uuid)
        return try await test.owner.query(
            """
            SELECT key FROM platform.events WHERE type = $1 AND owner_id = $2
            ORDER BY epoch, transaction_number, position
            """, parameters
        ).many { try $0.text(0) }
    }

    func newInstruments(_ count: Int) -> [Instrument.ID] { (0..<count).map { _ in .version7(at: clock.now) } }
}
