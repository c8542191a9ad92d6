import DatabaseClient
import ExactTypes
import Foundation
import GroveFactories
import SharedTypes
import Testing

@testable import Gamification

@Suite struct QuestRoundTripTests {
    @Test func aQuestIsStartedCompletedAndClaimedOnce() async throws {
        try await withRoundTrip("gamification_service") { trip in
            let quest = Quest.ID(try await trip.factory.make("gamification.quests").uuid())
            func advance(to progress: Int) async throws {
                try await trip.mine.advanceUserQuests(
                    [
                        UserQuestProgress(
                            questID: quest, period: "once", progress: FixedDecimal(progress),
                            target: FixedDecimal(1), expiresAt: nil)
                    ], userID: trip.user, now: trip.now)
            }
            try await advance(to: 0)
            func isKnown() async throws -> Bool? {
                try await trip.mine.listQuestStates(
                    [
                        AskedQuestState(
                            questID: quest, period: "once", sourceEvent: "transaction.posted:1", subject: nil)
                    ], userID: trip.user
                ).first?.isKnown
            }
            let before = try await isKnown()
            for _ in 1...2 {
                try await trip.mine.insertQuestEvents(
                    [
                        NewQuestEvent(
                            questID: quest, period: "once", sourceEvent: "transaction.posted:1",
                            amount: FixedDecimal(1))
                    ], userID: trip.user, now: trip.now)
            }
            let after = try await isKnown()
            #expect(before == false && after == true, "an event counts once")
            func claim() async throws -> UserQuestRow? {
                try await trip.mine.claimUserQuest(
                    now: trip.now, userID: trip.user, questID: quest, period: "once")
            }
            let tooEarly = try await claim()
            #expect(tooEarly == nil)
            try await advance(to: 1)
            let claimed = try await claim()
            let twice = try await claim()
            #expect(claimed?.status == .claimed && twice == nil)
            func grant() async throws -> ExperienceEntryRow? {
                try await trip.mine.insertExperience(
                    userID: trip.user, experienceEntryID: trip.id(), amount: 50, reason: .quest,
                    sourceEvent: "quest.claimed:1", subject: "quest.claimed:1", requestID: "abc",
                    now: trip.now)
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
