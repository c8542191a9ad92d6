import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import GroveTesting
import PeriodicWork
import SharedTypes
import Synchronization
import Testing

@testable import Gamification

/// What one pass over the log gives, written a second time and as plainly as possible: sets, and no
/// statement.
private struct Fold {
    struct Post {
        let id: Transaction.ID
        let type: TransactionType
        let instrument: Instrument.ID?
        let amount: Int
        let day: String

        var subject: String { instrument.map { "instrument.bought:\($0)" } ?? "deposit:\(day)" }
    }

    struct Entry {
        let key: String
        let subject: String
        let amount: Int
        let day: String
    }

    var live: [Post] = []
    var entries: [Entry] = []
    /// The most points that there ever were: a level that was reached stays.
    var peak = 0

    var experience: Int { entries.reduce(0) { $0 + $1.amount } }
    var keys: Set<String> { Set(entries.map(\.key)) }

    mutating func post(_ post: Post) {
        live.append(post)
        let (reason, points, limit) = post.type == .deposit ? ("saving", 10, 10) : ("diversifying", 15, 45)
        let known = entries.filter { $0.subject == post.subject }
        guard known.reduce(0, { $0 + $1.amount }) == 0 else { return }
        let kind = post.subject.prefix { $0 != ":" }
        let today = entries.filter { $0.day == post.day && $0.subject.hasPrefix(kind) }
        guard today.reduce(points, { $0 + $1.amount }) <= limit else { return }
        let times = known.count { $0.amount < 0 } + 1
        entries.append(
            Entry(
                key: "\(reason):\(post.subject)" + (times == 1 ? "" : ":\(times)"), subject: post.subject,
                amount: points, day: post.day))
        peak = max(peak, experience)
    }

    mutating func reverse(_ post: Post, on day: String) {
        live.removeAll { $0.id == post.id }
        guard !live.contains(where: { $0.subject == post.subject }) else { return }
        let points = entries.filter { $0.subject == post.subject }.reduce(0) { $0 + $1.amount }
        guard points > 0 else { return }
        entries.append(
            Entry(
                key: "correction:transaction.reversed:\(post.id):\(post.subject)", subject: post.subject,
                amount: -points, day: day))
    }

    func deposits(on day: String? = nil) -> [Post] {
        live.filter { $0.type == .deposit && (day == nil || $0.day == day) }
    }
    var instruments: Int { Set(live.filter { $0.type == .buy }.compactMap(\.instrument)).count }
    var amount: Int { deposits().reduce(0) { $0 + $1.amount } }
    var days: Int { Set(deposits().map(\.day)).count }
}

extension ProgressSuite {
    @Suite struct ExactlyOnceTests {
        /// Three processes share the consumer, each dies half-way through its passes and comes back, sessions
        /// are ended from outside, while people post and reverse over three days.
        @Test func whoeverDiesProgressIsThatOfOnePass() async throws {
            try await GamificationTest.with { game in
                let deposit = #""types": ["deposit"], "counts": "#
                let sum = try await game.makeQuest(
                    "sum", deposit + #""amount", "currency": "USD""#, target: "4000")
                let days = try await game.makeQuest("days", deposit + #""days""#, target: "3")
                let daily = try await game.makeQuest("daily", deposit + #""each""#, target: "4", kind: .daily)
                let distinct = try await game.makeQuest(
                    "distinct", #""types": ["buy"], "counts": "distinct", "by": "instrument""#, target: "12")
                try await game.makeSeason()
                var users: [User.ID] = []
                for _ in 0..<6 { users.append(try await game.test.makeUser()) }
                let processes = (0..<3).map { _ in game.otherProcess() }
                let folds = try await withThrowingTaskGroup(of: Void.self) { group in
                    for process in processes { group.addTask { await dyingOverAndOver(process) } }
                    group.addTask { await endingSessions(of: game.test) }
                    let folds = try await live(in: game, users)
                    try await game.waitUntilRead(seconds: 60)
                    group.cancelAll()
                    try await group.waitForAll()
                    return folds
                }
                for (user, fold) in zip(users, folds) {
                    func progress(_ quest: Quest.ID, _ period: String = "once") async throws -> String {
                        "\(try await game.state(quest, of: user, period)?.progress ?? .zero)"
                    }
                    #expect(try await progress(sum) == "\(min(fold.amount, 4_000))")
                    #expect(try await progress(days) == "\(min(fold.days, 3))")
                    #expect(try await progress(distinct) == "\(min(fold.instruments, 12))")
                    for day in ["2026-11-21", "2026-11-22", "2026-11-23"] {
                        #expect(try await progress(daily, day) == "\(min(fold.deposits(on: day).count, 4))")
                    }
                    let entries = try await game.database.acting(as: user.uuid).listExperience(
                        userID: user, beforeID: .highest, rowLimit: 1_000)
                    #expect(Set(entries.map { "\($0.reason.rawValue):\($0.sourceEvent)" }) == fold.keys)
                    #expect(entries.count == fold.keys.count)
                    #expect(entries.reduce(0) { $0 + $1.amount } == fold.experience)
                    let level = try await game.level(of: user)
                    #expect(level.experience == fold.experience)
                    #expect(level.level == LevelCurve.level(at: fold.peak))
                    let levels = try await game.told("level.reached", of: user)
                    #expect(levels == (1..<level.level).map { "\($0 + 1)" })
                    let granted = try await game.told("experience.granted", of: user)
                    #expect(Set(granted) == fold.keys && granted.count == fold.keys.count)
                }
                let season = try await game.test.owner.query(
                    """
                    SELECT count(*) FROM gamification.user_levels AS l
                    JOIN gamification.user_battle_passes AS p USING (user_id) WHERE p.experience <> l.experience
                    """)
                #expect(try season[0].int(0) == 0)
            }
        }

        /// Posts and reverses at random, and keeps what one pass would give.
        private func live(in game: GamificationTest, _ users: [User.ID]) async throws -> [Fold] {
            var generator = SeededGenerator(seed: 7)
            var folds = users.map { _ in Fold() }
            let instruments = game.newInstruments(15)
            for _ in 0..<3 {
                for _ in 0..<130 {
                    let who = Int.random(in: 0..<users.count, using: &generator)
                    let day = CalendarDay(utc: game.clock.now).description
                    switch Int.random(in: 0..<10, using: &generator) {
                    case 0..<4:
                        let instrument = instruments.randomElement(using: &generator)
                        let id = try await game.post(.buy, of: users[who], instrument)
                        folds[who].post(
                            .init(id: id, type: .buy, instrument: instrument, amount: 100, day: day))
                    case 4..<7:
                        let amount = Int.random(in: 1...500, using: &generator)
                        let id = try await game.post(.deposit, of: users[who], amount: FixedDecimal(amount))
                        folds[who].post(
                            .init(id: id, type: .deposit, instrument: nil, amount: Int(amount), day: day))
                    default:
                        guard let post = folds[who].live.randomElement(using: &generator) else { continue }
                        try await game.reverse(post.id, post.type, of: users[who])
                        folds[who].reverse(post, on: day)
                    }
                }
                game.clock.advance(days: 1)
            }
            return folds
        }

        private func dyingOverAndOver(_ module: GamificationModule) async {
            var lifetimes = Lifetimes(upTo: 250)
            while !Task.isCancelled {
                let service = EventConsumerService(
                    module.progress(catalogueLifetime: .milliseconds(100)), log: module.events,
                    pollInterval: .milliseconds(20))
                let life = Task { try await service.run() }
                try? await Task.sleep(for: lifetimes.next())
                life.cancel()
                _ = await life.result
            }
        }

        private func endingSessions(of test: TestDatabase) async {
            guard
                let operation = try? await DatabaseConnection.connect(test.connectionString(role: "postgres"))
            else { return }
            while !Task.isCancelled {
                try? await Task.sleep(for: .milliseconds(200))
                try? await operation.script(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE usename = 'gamification_service' AND datname = current_database() AND random() < 0.2
                    """)
            }
            await operation.close()
        }
    }
}
