import DatabaseClient
import GroveFactories
import SharedTypes
import Testing

@testable import Gamification

@Suite struct QuestRoundTripTests {
    @Test func aQuestIsStartedCompletedAndClaimedOnce() async throws {
        try await withRoundTrip("gamification_service") { trip in
            let quest = Quest.ID(try await trip.factory.make("gamification.quests").uuid())
            let open = try await trip.mine.insertUserQuest(
                userID: trip.user, questID: quest, period: "once", target: FixedDecimal(1), expiresAt: nil,
                now: trip.now)
            #expect(open?.status == .available)
            func count() async throws -> Int {
                try await trip.mine.insertQuestEvent(
                    userID: trip.user, questID: quest, period: "once", sourceEvent: "investment.completed:1",
                    amount: FixedDecimal(1), now: trip.now)
            }
            let counted = [try await count(), try await count()]
            #expect(counted == [1, 0], "an event counts once")
            func claim() async throws -> UserQuestRow? {
                try await trip.mine.claimUserQuest(
                    now: trip.now, userID: trip.user, questID: quest, period: "once")
            }
            let tooEarly = try await claim()
            #expect(tooEarly == nil)
            let progress = try await trip.mine.sumQuestEvents(
                userID: trip.user, questID: quest, period: "once")
            let completed = try await trip.mine.moveUserQuest(
                progress: progress, status: .completed, startedAt: trip.now, completedAt: trip.now,
                now: trip.now, userID: trip.user, questID: quest, period: "once")
            #expect(completed?.status == .completed)
            let claimed = try await claim()
            let twice = try await claim()
            #expect(claimed?.status == .claimed && twice == nil)
            func grant() async throws -> ExperienceEntryRow? {
                try await trip.mine.insertExperience(
                    userID: trip.user, experienceEntryID: trip.id(), amount: 50, reason: .quest,
                    sourceEvent: "quest.claimed:1", now: trip.now)
            }
            let granted = [try await grant() != nil, try await grant() != nil]
            #expect(granted == [true, false])
            let total = try await trip.mine.sumExperience(userID: trip.user)
            #expect(total == 50)
            let strangers = try await trip.strangers.findUserQuest(
                userID: trip.user, questID: quest, period: "once")
            #expect(strangers == nil)
        }
    }
}
