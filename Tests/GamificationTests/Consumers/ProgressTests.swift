import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import GroveTesting
import SharedTypes
import Testing

@testable import Gamification

extension ProgressSuite {
    @Suite struct ProgressTests {
        /// What the README's walk shows: seven instruments by an import, and one share of an eighth.
        @Test func theEighthInstrumentMovesAQuestAndTheLevel() async throws {
            try await GamificationTest.with { game in
                try await game.module.seedDemoCatalogue()
                try await game.module.seedDemoCatalogue()
                let user = try await game.test.makeUser()
                let instruments = game.newInstruments(8)
                for number in 0..<70 { try await game.post(.buy, of: user, instruments[number % 7]) }
                try await game.consume()
                func quest(_ code: String) async throws -> UserQuestRow? {
                    let row = try await game.database.findQuestByCode(code: code)
                    return try await game.state(try #require(row?.id), of: user)
                }
                var ten = try await quest("ten_instruments")
                #expect(ten?.progress == FixedDecimal(7) && ten?.status == .inProgress)
                // Three of the seven new instruments at 15, which is what a day gives, and 50 for the first steps.
                var level = try await game.level(of: user)
                #expect(level.experience == 95 && level.level == 1)

                try await game.post(.buy, of: user, instruments[7])
                try await game.consume()
                ten = try await quest("ten_instruments")
                let eight = try await quest("eight_instruments")
                #expect(ten?.progress == FixedDecimal(8) && eight?.status == .completed)
                // 300 for the achievement.
                level = try await game.level(of: user)
                #expect(level.experience == 395 && level.level == 3)
                let levels = try await game.told("level.reached", of: user)
                #expect(levels == ["2", "3"])
                let unlocked = try await game.told("achievement.unlocked", of: user)
                #expect(unlocked.count == 2)
                let completed = try await game.told("quest.completed", of: user)
                #expect(completed.count == 2)
                let season = try await game.test.owner.query(
                    "SELECT experience FROM gamification.user_battle_passes")
                #expect(try season.many { try $0.int(0) } == [395])
            }
        }

        @Test func aReversalTakesBackWhatNothingElseSupports() async throws {
            try await GamificationTest.with { game in
                let distinct = try await game.makeQuest(
                    "two", #""types": ["buy"], "counts": "distinct", "by": "instrument""#, target: "2")
                let user = try await game.test.makeUser()
                let instruments = game.newInstruments(2)
                let first = try await game.post(.buy, of: user, instruments[0])
                let again = try await game.post(.buy, of: user, instruments[0])
                try await game.consume()
                func status() async throws -> String {
                    let row = try await game.state(distinct, of: user)
                    return "\(row?.progress ?? .zero) \(row?.status.rawValue ?? "")"
                }
                #expect(try await status() == "1 in_progress", "the same instrument is one")
                let other = try await game.post(.buy, of: user, instruments[1])
                try await game.consume()
                #expect(try await status() == "2 completed")

                try await game.reverse(first, of: user)
                try await game.consume()
                #expect(
                    try await status() == "2 completed", "another purchase stands for the same instrument")

                try await game.reverse(again, of: user)
                try await game.consume()
                #expect(try await status() == "1 in_progress")

                // It is reached again, and that it was completed is told once.
                let last = try await game.post(.buy, of: user, instruments[0])
                try await game.consume()
                #expect(try await status() == "2 completed")
                let told = try await game.told("quest.completed", of: user)
                #expect(told == ["\(distinct):once"])

                // Who claims and then takes it all back keeps nothing.
                _ = try await game.database.transaction(as: user.uuid) {
                    try await claimQuest(
                        distinct, period: "once", events: game.module.events,
                        in: game.operation(user, $0))
                }
                try await game.reverse(last, of: user)
                try await game.reverse(other, of: user)
                try await game.consume()
                #expect(try await status() == "0 in_progress")
                let level = try await game.level(of: user)
                #expect(level.experience == 0)
            }
        }

        @Test func amountsAndDaysAreTakenBackToo() async throws {
            try await GamificationTest.with { game in
                let amount = try await game.makeQuest(
                    "sum", #""types": ["deposit"], "counts": "amount", "currency": "USD""#, target: "1000")
                let days = try await game.makeQuest(
                    "days", #""types": ["deposit"], "counts": "days""#, target: "3")
                let user = try await game.test.makeUser()
                let large = try await game.post(.deposit, of: user, amount: FixedDecimal(1_500))
                try await game.post(.deposit, of: user, amount: FixedDecimal(300))
                try await game.post(.deposit, of: user, amount: FixedDecimal(9_999), currency: .eur)
                game.clock.advance(days: 1)
                let next = try await game.post(.deposit, of: user, amount: FixedDecimal(100))
                try await game.consume()
                func progress(_ quest: Quest.ID) async throws -> String {
                    "\(try await game.state(quest, of: user)?.progress ?? .zero)"
                }
                #expect(try await progress(amount) == "1000", "clamped")
                #expect(try await progress(days) == "2")
                try await game.reverse(large, .deposit, of: user)
                try await game.consume()
                #expect(try await progress(amount) == "400", "what was beyond the target counts on")
                #expect(try await progress(days) == "2", "the day has another deposit")
                try await game.reverse(next, .deposit, of: user)
                try await game.consume()
                #expect(try await progress(days) == "1")
            }
        }

        /// Ten years are imported today: that is one day of saving.
        @Test func whatIsToldTodayCountsToday() async throws {
            try await GamificationTest.with { game in
                let daily = try await game.makeQuest(
                    "daily", #""types": ["deposit"], "counts": "each""#, kind: .daily)
                let user = try await game.test.makeUser()
                for month in 0..<120 {
                    try await game.post(
                        .deposit, of: user, executedAt: game.clock.now - Double(month) * 30 * 86_400)
                }
                game.clock.advance(days: 1)
                try await game.post(.deposit, of: user)
                try await game.consume()
                let rows = try await game.database.acting(as: user.uuid).listUserQuests(
                    userID: user, afterQuestID: daily, afterPeriod: "", status: nil, rowLimit: 1_000)
                #expect(rows.map(\.period) == ["2026-11-21", "2026-11-22"])
                let level = try await game.level(of: user)
                #expect(level.experience == 2 * ExperienceGrant.saving)
            }
        }

        @Test func aQuestCountsOnlyFromItsBeginningToItsEnd() async throws {
            try await GamificationTest.with { game in
                let start = game.clock.now
                let quest = try await game.makeQuest(
                    "window", #""types": ["deposit"], "counts": "each""#, target: "9",
                    startsAt: start + 86_400,
                    endsAt: start + 3 * 86_400)
                let user = try await game.test.makeUser()
                // Before, at the beginning, within, at the end.
                for day in [0.5, 1, 2, 3] {
                    game.clock.set(start + day * 86_400)
                    try await game.post(.deposit, of: user)
                }
                try await game.consume()
                let row = try await game.state(quest, of: user)
                #expect(row?.progress == FixedDecimal(2), "met late, it counts by when it was told")
                _ = try await game.database.transaction { transaction in
                    try await changeQuest(
                        quest, in: OperationContext(user: nil, transaction: transaction, now: start),
                        check: { _ in }
                    ) {
                        $0.status = .retired
                        $0.endsAt = nil
                    }
                }
                try await game.post(.deposit, of: user)
                try await game.consume()
                let retired = try await game.state(quest, of: user)
                #expect(retired?.progress == FixedDecimal(2))
            }
        }

        @Test func aRepeatedQuestUnlocksAtItsCount() async throws {
            try await GamificationTest.with { game in
                _ = try await game.makeQuest(
                    "daily", #""types": ["deposit"], "counts": "each""#, kind: .daily)
                try await game.database.transaction { transaction in
                    let draft = AchievementDraft(
                        code: "three_days", title: "Three days", description: "", tier: .bronze,
                        criteria: try AchievementCriteria(parsing: #"{"quest": "daily", "times": 3}"#),
                        isHidden: true, experienceReward: 40, status: .active)
                    _ = try await createAchievement(draft, in: game.operation(nil, transaction))
                }
                let user = try await game.test.makeUser()
                for day in 0..<5 {
                    try await game.post(.deposit, of: user)
                    try await game.consume()
                    let unlocked = try await game.told("achievement.unlocked", of: user)
                    #expect(unlocked.count == (day < 2 ? 0 : 1), "day \(day)")
                    game.clock.advance(days: 1)
                }
                let level = try await game.level(of: user)
                #expect(level.experience == 5 * ExperienceGrant.saving + 40)
            }
        }
    }
}
