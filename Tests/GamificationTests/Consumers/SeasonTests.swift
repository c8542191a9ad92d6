import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import GroveTesting
import SharedTypes
import Testing

@testable import Gamification

extension ProgressSuite {
    @Suite struct SeasonTests {
        /// After the end nothing is earned; in the grace what was earned is claimed; then it is over.
        @Test func aSeasonEndsWithGrace() async throws {
            try await GamificationTest.with { game in
                let pass = try await game.makeSeason(3, perTier: ExperienceGrant.saving)
                let seasonal = try await game.makeQuest(
                    "saver", #""types": ["deposit"], "counts": "days""#, target: "2", kind: .seasonal,
                    endsAt: game.clock.now + 365 * 86_400)
                let start = game.clock.now
                let (done, late) = (try await game.test.makeUser(), try await game.test.makeUser())
                let events = game.module.events
                for day in [0.0, 1] {
                    game.clock.set(start + day * 86_400)
                    try await game.post(.deposit, of: done)
                    if day == 0 { try await game.post(.deposit, of: late) }
                }
                // The season ends on day 20, and its grace on day 30.
                game.clock.set(start + 20 * 86_400)
                try await game.post(.deposit, of: late)
                try await game.consume()
                func points(_ user: User.ID) async throws -> Int? {
                    try await game.database.acting(as: user.uuid).findUserBattlePass(
                        userID: user, battlePassID: pass)?
                        .experience
                }
                #expect(try await points(done) == 20)
                #expect(try await points(late) == 10, "after the end nothing is earned")
                #expect(try await game.level(of: late).experience == 20, "but the level goes on")
                #expect(try await game.state(seasonal, of: late, "season-3")?.progress == FixedDecimal(1))

                game.clock.set(start + 29 * 86_400)
                func claim(_ tier: Int) async throws -> BattlePassClaimRow {
                    try await game.database.transaction(as: done.uuid) {
                        try await claimTier(
                            tier, on: .free, ofPass: pass, events: events, in: game.operation(done, $0))
                    }
                }
                _ = try await claim(1)
                let claimed = try await game.database.transaction(as: done.uuid) {
                    try await claimQuest(
                        seasonal, period: "season-3", events: events, in: game.operation(done, $0))
                }
                #expect(claimed.experience == 50)
                #expect(try await points(done) == 20, "a claim in the grace earns no points of the season")

                game.clock.set(start + 30 * 86_400)
                await #expect(throws: GamificationError.claimIsOver) { try await claim(2) }
                try await expire(game)
                #expect(try await game.state(seasonal, of: done, "season-3")?.status == .claimed)
                #expect(try await game.state(seasonal, of: late, "season-3")?.status == .expired)
            }
        }

        /// Two processes at once; the statuses that end, and those that stay.
        @Test func daysAndWeeksAreOverAfterTheirGrace() async throws {
            try await GamificationTest.with { game in
                let deposits = #""types": ["deposit"], "counts": "#
                let daily = try await game.makeQuest("daily", deposits + #""each""#, kind: .daily)
                let weekly = try await game.makeQuest(
                    "weekly", deposits + #""days""#, target: "2", kind: .weekly)
                let once = try await game.makeQuest("once", deposits + #""each""#, target: "5")
                var users: [User.ID] = []
                for _ in 0..<12 {
                    let user = try await game.test.makeUser()
                    try await game.post(.deposit, of: user)
                    users.append(user)
                }
                try await game.consume()
                func statuses() async throws -> Set<[UserQuestStatus?]> {
                    var found: Set<[UserQuestStatus?]> = []
                    for user in users {
                        found.insert([
                            try await game.state(daily, of: user, "2026-11-21")?.status,
                            try await game.state(weekly, of: user, "2026-W47")?.status,
                            try await game.state(once, of: user)?.status,
                        ])
                    }
                    return found
                }
                // Saturday; the day's grace ends with Sunday, the week's with Wednesday.
                game.clock.advance(days: 1)
                try await expire(game)
                #expect(try await statuses() == [[.completed, .inProgress, .inProgress]])
                game.clock.advance(days: 1)
                await #expect(throws: GamificationError.claimIsOver, "also where nobody has ended it yet") {
                    try await game.database.transaction(as: users[0].uuid) {
                        try await claimQuest(
                            daily, period: "2026-11-21", events: game.module.events,
                            in: game.operation(users[0], $0))
                    }
                }
                try await expire(game)
                #expect(try await statuses() == [[.expired, .inProgress, .inProgress]])
                game.clock.advance(days: 3)
                try await expire(game)
                #expect(try await statuses() == [[.expired, .expired, .inProgress]])
                // What is told late of a day that is over changes nothing that was ended.
                game.clock.set(game.clock.now - 5 * 86_400)
                try await game.post(.deposit, of: users[0])
                try await game.consume()
                #expect(try await game.state(daily, of: users[0], "2026-11-21")?.status == .expired)
                let revisions = try await game.test.owner.query(
                    "SELECT max(revision) FROM gamification.user_quests WHERE status = 'expired'")
                #expect(try revisions[0].int(0) == 2, "ended once")
            }
        }

        private func expire(_ game: GamificationTest) async throws {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for process in [game.module, game.otherProcess()] {
                    group.addTask {
                        let expiry = QuestExpiry(
                            database: process.database, worker: process.worker, logger: process.logger,
                            now: process.now)
                        try await expiry.expire(at: game.clock.now)
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}
