import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import SharedTypes
import Testing

@testable import Gamification

extension ProgressSuite {
    /// What a person can make up at no cost earns nothing. Experience that was farmed is an old complaint about such
    /// systems: HabitRPG/habitica#423 and #1641 on GitHub.
    @Suite struct FarmingTests {
        private static let quest = #""types": ["buy", "deposit"], "counts": "distinct", "by": "portfolio""#

        /// Twenty purchases of made-up symbols at a price of 0, and then 300 made-up symbols of a file.
        @Test func madeUpInstrumentsEarnNothing() async throws {
            try await GamificationTest.with { game in
                let quest = try await game.makeQuest("buys", Self.quest, target: "400")
                let user = try await game.test.makeUser()
                for instrument in game.newInstruments(20) {
                    try await game.post(.buy, of: user, instrument, amount: .zero, isShared: false)
                }
                for instrument in game.newInstruments(300) {
                    try await game.post(.buy, of: user, instrument, isShared: false)
                }
                // An event of the time before it said whether the instrument is shared.
                try await game.post(.buy, of: user, game.newInstruments(1)[0], isShared: nil)
                try await game.consume()
                let level = try await game.level(of: user)
                #expect(level.experience == 0 && level.level == 1)
                #expect(try await game.state(quest, of: user) == nil)
            }
        }

        @Test(arguments: [
            ("0", Currency.usd, 0), ("0.009", .usd, 0), ("0.99", .jpy, 0), ("0.01", .usd, 15),
            ("1", .jpy, 15),
        ])
        func amountsBelowTheSmallestCoinEarnNothing(
            _ amount: String, _ currency: Currency, _ points: Int
        ) async throws {
            try await GamificationTest.with { game in
                let quest = try await game.makeQuest("buys", Self.quest, target: "4")
                let user = try await game.test.makeUser()
                try await game.post(
                    .buy, of: user, game.newInstruments(1)[0], amount: try FixedDecimal(parsing: amount),
                    currency: currency)
                try await game.consume()
                #expect(try await game.level(of: user).experience == points)
                #expect(try await (game.state(quest, of: user) != nil) == (points > 0))
            }
        }

        /// Real instruments, all of them in one evening: a day gives what three of them do.
        @Test func aDayGivesNoMoreThanItsLimit() async throws {
            try await GamificationTest.with { game in
                let user = try await game.test.makeUser()
                let instruments = game.newInstruments(300)
                for instrument in instruments { try await game.post(.buy, of: user, instrument) }
                for _ in 0..<50 { try await game.post(.deposit, of: user) }
                try await game.consume()
                #expect(try await game.level(of: user).experience == 45 + 10)
                game.clock.advance(days: 1)
                for instrument in instruments { try await game.post(.buy, of: user, instrument) }
                try await game.consume()
                #expect(try await game.level(of: user).experience == 45 + 10 + 45)
            }
        }

        /// Bought, taken back and bought again on ten days, with a quest that is claimed each time it is complete.
        @Test func whatIsTakenBackEarnsNothing() async throws {
            try await GamificationTest.with { game in
                let quest = try await game.makeQuest(
                    "two", #""types": ["buy"], "counts": "distinct", "by": "instrument""#, target: "2")
                try await game.database.transaction { transaction in
                    let draft = AchievementDraft(
                        code: "pair", title: "A pair", description: "", tier: .bronze,
                        criteria: try AchievementCriteria(parsing: #"{"quest": "two"}"#), isHidden: false,
                        experienceReward: 40, status: .active)
                    _ = try await createAchievement(draft, in: game.operation(nil, transaction))
                }
                try await game.makeSeason()
                let user = try await game.test.makeUser()
                let instruments = game.newInstruments(2)
                func season() async throws -> Int {
                    try await game.test.owner.query("SELECT experience FROM gamification.user_battle_passes")[
                        0
                    ]
                    .int(0)
                }
                for _ in 0..<10 {
                    var posted: [Transaction.ID] = []
                    for instrument in instruments {
                        posted.append(try await game.post(.buy, of: user, instrument))
                    }
                    try await game.consume()
                    _ = try await game.database.transaction(as: user.uuid) {
                        try await claimQuest(
                            quest, period: "once", events: game.module.events, in: game.operation(user, $0))
                    }
                    #expect(try await game.level(of: user).experience == 2 * 15 + 40 + 50)
                    #expect(try await season() == 120)
                    for id in posted { try await game.reverse(id, of: user) }
                    try await game.consume()
                    #expect(try await game.level(of: user).experience == 0)
                    #expect(try await season() == 0)
                    game.clock.advance(days: 1)
                }
                let marks = try await game.test.owner.query(
                    "SELECT count(*) FROM gamification.user_achievements")
                #expect(try marks[0].int(0) == 0)
                #expect(try await game.told("achievement.unlocked", of: user).count == 1, "appended once")
                let sums = try await game.test.owner.query(
                    "SELECT coalesce(sum(amount), 0)::bigint FROM gamification.experience_entries")
                #expect(try sums[0].int(0) == 0, "the level is the sum of the entries")
            }
        }

        /// A correction is a reversal and the right transaction: nothing is lost by it. And of two purchases of an
        /// instrument one may go.
        @Test func aCorrectionCostsNothing() async throws {
            try await GamificationTest.with { game in
                let user = try await game.test.makeUser()
                let instruments = game.newInstruments(3)
                var first: [Transaction.ID] = []
                for instrument in instruments {
                    first.append(try await game.post(.buy, of: user, instrument))
                }
                let deposit = try await game.post(.deposit, of: user)
                try await game.consume()
                for (id, instrument) in zip(first, instruments) {
                    try await game.reverse(id, of: user)
                    try await game.post(.buy, of: user, instrument)
                }
                try await game.post(.deposit, of: user)
                try await game.reverse(deposit, .deposit, of: user)
                try await game.consume()
                #expect(try await game.level(of: user).experience == 45 + 10)
                let entries = try await game.database.acting(as: user.uuid).listExperience(
                    userID: user, beforeID: .highest, rowLimit: 100)
                #expect(entries.filter { $0.reason == .correction }.count == 3, "the day had another deposit")
            }
        }

        /// What is reversed after the claim, while others still stand, changes nothing.
        @Test func whatIsPostedAfterAClaimStandsForIt() async throws {
            try await GamificationTest.with { game in
                let quest = try await game.makeQuest("one", #""types": ["buy"], "counts": "each""#)
                let user = try await game.test.makeUser()
                let instrument = game.newInstruments(1)[0]
                let first = try await game.post(.buy, of: user, instrument)
                try await game.consume()
                _ = try await game.database.transaction(as: user.uuid) {
                    try await claimQuest(
                        quest, period: "once", events: game.module.events, in: game.operation(user, $0))
                }
                let second = try await game.post(.buy, of: user, instrument)
                try await game.reverse(first, of: user)
                try await game.consume()
                #expect(try await game.state(quest, of: user)?.status == .claimed)
                #expect(try await game.level(of: user).experience == 65)
                try await game.reverse(second, of: user)
                try await game.consume()
                #expect(try await game.state(quest, of: user)?.status == .inProgress)
                #expect(try await game.level(of: user).experience == 0)
            }
        }
    }
}
