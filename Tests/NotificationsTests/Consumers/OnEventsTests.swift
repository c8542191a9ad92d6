import DatabaseClient
import DatabaseTesting
import EventLog
import ExactTypes
import Foundation
import GroveTesting
import PeriodicWork
import ServiceKit
import SharedTypes
import StrictJSON
import Testing

@testable import Notifications

/// One after the other, on a cluster of their own: an open transaction anywhere in it holds back what consumers see.
@Suite(.serialized) struct OnEventsTests {
    private static let cluster = Task { try await TestCluster.dedicated() }

    private func append<Event: DomainEvent>(
        _ events: [Event], of user: User.ID, _ it: NotificationsServer
    ) async throws {
        let sender = Event.type.hasPrefix("user.") ? it.users : it.gamification
        try await sender.database.transaction(as: user.uuid) { transaction in
            let context = OperationContext(user: user, transaction: transaction, now: Date())
            for event in events { try await sender.events.append(event, in: context) }
        }
    }

    private func recipient(_ it: NotificationsServer) async throws -> RecipientRow? {
        try await it.database.acting(as: it.ada.id.uuid).findRecipient(userID: it.ada.id)
    }

    @Test func theEventsOfUsersKeepTheRecipient() async throws {
        try await withNotifications(on: await Self.cluster.value) { it in
            let now = Date()
            try await it.users.database.transaction(as: it.ada.id.uuid) { transaction in
                let context = OperationContext(user: it.ada.id, transaction: transaction, now: now)
                try await it.users.events.append(
                    UserRegistered(
                        userID: it.ada.id, displayName: "Ada", locale: "en", timeZone: "UTC",
                        registeredAt: now), in: context)
                // At the same moment, as an account that is verified from the start.
                try await it.users.events.append(
                    EmailVerified(email: "ada@example.com", verifiedAt: now), in: context)
            }
            try await eventually("the address") { try await recipient(it)?.email == "ada@example.com" }
            try await append(
                [
                    ProfileChanged(
                        revision: 2, displayName: "Ada L.", timeZone: "Europe/Zurich", changedAt: Date())
                ],
                of: it.ada.id, it)
            try await append(
                [PreferencesChanged(revision: 2, locale: "de-CH", changedAt: Date())], of: it.ada.id, it)
            try await append([LevelReached(level: 2, experience: 250, reachedAt: Date())], of: it.ada.id, it)
            // In the order of the log, so the message knows the language already.
            try await eventually("the message") { try await it.list().count == 1 }
            #expect(try await it.list()[0]["title"] == .string("Du hast Level 2 erreicht"))
            let row = try #require(try await recipient(it))
            #expect(row.displayName == "Ada L.")
            #expect(row.timeZone == "Europe/Zurich")
            #expect(row.email == "ada@example.com")
            #expect(try await it.deliveries()[.email]?.status == .pending)
            try await append([UserClosed(userID: it.ada.id, closedAt: Date())], of: it.ada.id, it)
            try await eventually("nobody to write to") { try await recipient(it) == nil }
        }
    }

    @Test func whoIsOlderThanTheLogIsLearntOfPieceByPiece() async throws {
        try await withNotifications(on: await Self.cluster.value) { it in
            try await append([LevelReached(level: 2, experience: 250, reachedAt: Date())], of: it.ada.id, it)
            try await eventually("the message") { try await it.list().count == 1 }
            #expect(try await it.deliveries()[.email]?.status == .suppressed)
            try await append(
                [PreferencesChanged(revision: 2, locale: "de", changedAt: Date())], of: it.ada.id, it)
            try await append([EmailVerified(email: "ada@example.com", verifiedAt: Date())], of: it.ada.id, it)
            try await append([LevelReached(level: 3, experience: 450, reachedAt: Date())], of: it.ada.id, it)
            try await eventually("the message") { try await it.list().count == 2 }
            #expect(try await it.list()[0]["title"] == .string("Du hast Level 3 erreicht"))
            #expect(try await it.deliveries()[.email]?.status == .pending)
        }
    }

    @Test func everyEventThatIsHeardMakesItsMessage() async throws {
        try await withNotifications(on: await Self.cluster.value) { it in
            let (now, user) = (Date(), it.ada.id)
            try await append([LevelReached(level: 2, experience: 250, reachedAt: now)], of: user, it)
            try await append(
                [
                    QuestCompleted(
                        questID: .version7(at: now), code: "first_steps", title: "First steps",
                        period: "once",
                        experienceReward: 100, completedAt: now)
                ], of: user, it)
            try await append(
                [
                    AchievementUnlocked(
                        achievementID: .version7(at: now), code: "saver", title: "Saver", tier: .gold,
                        unlockedAt: now)
                ], of: user, it)
            try await append(
                [
                    TierClaimed(
                        battlePassID: .version7(at: now), season: 3, tier: 5, track: .premium, claimedAt: now)
                ],
                of: user, it)
            try await append([PasswordChanged(changedAt: now)], of: user, it)
            // Heard by others, and no news for who did it.
            try await append(
                [ExperienceGranted(amount: 10, reason: .quest, source: "quest:1", grantedAt: now)], of: user,
                it)
            try await eventually("the messages") { try await it.list().count == 5 }
            let templates = try await it.list().compactMap { $0["template"]?.string }
            #expect(
                templates == [
                    "user.password_changed", "battle_pass.tier_claimed", "achievement.unlocked",
                    "quest.completed",
                    "level.reached",
                ])
            #expect(
                try await it.list("/v1/notifications?category=security")[0]["priority"] == .string("critical")
            )
            #expect(try await it.count("platform.parked_events") == 0)
        }
    }

    @Test func aMessageComesOnTheStreamOfALevelThatWasReached() async throws {
        try await withNotifications(on: await Self.cluster.value) { it in
            let stream = try await EventStreamReader(it)
            try await eventually("the stream") { !stream.events.isEmpty }
            try await append([LevelReached(level: 2, experience: 250, reachedAt: Date())], of: it.ada.id, it)
            try await stream.wait(for: [2])
        }
    }

    /// Each effect once, whenever consumers die: in the middle of a pass, and of a transaction.
    @Test func consumersThatDieTellEachThingOnce() async throws {
        try await withNotifications(on: await Self.cluster.value) { it in
            let levels = 60
            let doomed = OnEvents(now: { Date() }).consumer
            let killer = Task {
                var lifetimes = Lifetimes(upTo: 120)
                while !Task.isCancelled {
                    let other = EventLog(
                        service: it.test.database(role: "notifications_service"),
                        worker: it.test.database(role: "notifications_worker"), logger: .quiet)
                    let service = EventConsumerService(doomed, log: other, pollInterval: .milliseconds(5))
                    let process = Task { try await service.run() }
                    try? await Task.sleep(for: lifetimes.next())
                    process.cancel()
                    _ = await process.result
                }
            }
            for level in 2..<(2 + levels) {
                for person in [it.ada, it.eve] {
                    try await append(
                        [LevelReached(level: level, experience: level * 10, reachedAt: Date())],
                        of: person.id, it)
                }
            }
            try await eventually("all messages", seconds: 30) {
                try await it.count("notifications.notifications") >= levels * 2
            }
            killer.cancel()
            await killer.value
            try await Task.sleep(for: .milliseconds(500))
            #expect(try await it.count("notifications.notifications") == levels * 2)
            #expect(
                try await it.count("notifications.notification_deliveries WHERE channel = 'in_app'") == levels
                    * 2)
            #expect(try await it.count("platform.parked_events") == 0)
            // In each person's order.
            for person in [it.ada, it.eve] {
                let told = try await it.test.owner.query(
                    "SELECT (data->>'level')::int FROM notifications.notifications WHERE user_id = '\(person.id)' ORDER BY id"
                ).many { try $0.int(0) }
                #expect(told == Array(2..<(2 + levels)))
            }
        }
    }
}
