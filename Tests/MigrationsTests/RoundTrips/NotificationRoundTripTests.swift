import DatabaseClient
import Foundation
import GroveFactories
import SharedTypes
import Testing

@testable import Notifications

@Suite struct NotificationRoundTripTests {
    @Test func aNotificationIsDeliveredAtTheSecondAttempt() async throws {
        try await withRoundTrip("notifications_service") { trip in
            func notify() async throws -> NotificationRow? {
                try await trip.mine.insertNotification(
                    userID: trip.user, notificationID: trip.id(), category: .loans,
                    template: "payment.due", title: "A payment is due", body: "", data: "{}",
                    dedupeKey: "payment.due:1", priority: .high, requestID: "abc", now: trip.now)
            }
            let note = try #require(try await notify())
            let again = try await notify()
            #expect(again == nil, "an event tells a user once")
            try await trip.mine.insertDelivery(
                userID: trip.user, notificationID: note.id, channel: .email, status: .pending,
                nextAttemptAt: trip.now, digestID: nil, error: nil, now: trip.now)
            let claimed = try await trip.mine.claimDelivery(
                userID: trip.user, channel: .email, now: trip.now)
            #expect(claimed?.notificationID == note.id && claimed?.status == .pending)
            #expect(claimed?.isMore == false)
            func lease() async throws -> Int {
                try await trip.mine.leaseDelivery(
                    leasedUntil: trip.now.addingTimeInterval(120), now: trip.now, userID: trip.user,
                    notificationID: note.id, channel: .email)
            }
            func retry(_ attempts: Int) async throws -> Int {
                try await trip.mine.retryDelivery(
                    nextAttemptAt: trip.now.addingTimeInterval(60), error: "Greylisted.",
                    now: trip.now, userID: trip.user, notificationID: note.id, channel: .email,
                    attempts: attempts)
            }
            let leased = try await lease()
            let another = try await retry(2)
            #expect(leased == 1 && another == 0, "only the attempt that has it may put it off")
            let retried = try await retry(1)
            let early = try await trip.mine.claimDelivery(
                userID: trip.user, channel: .email, now: trip.now)
            #expect(retried == 1 && early == nil)
            _ = try await lease()
            let sent = try await trip.mine.markDelivered(
                providerID: "p1", now: trip.now, userID: trip.user, notificationID: note.id, channel: .email)
            #expect(sent == 1)
            let delivery = try await trip.mine.findDelivery(
                userID: trip.user, notificationID: note.id, channel: .email)
            #expect(delivery?.status == .sent)
            #expect(delivery?.attempts == 2)
            let strangers = try await trip.strangers.findDelivery(
                userID: trip.user, notificationID: note.id, channel: .email)
            #expect(strangers == nil)
            let deleted = try await trip.mine.deleteNotification(
                userID: trip.user, notificationID: note.id)
            #expect(deleted == 1)
        }
    }
}
