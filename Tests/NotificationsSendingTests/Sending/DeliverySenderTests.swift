import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import SharedTypes
import Testing

@testable import Notifications

/// Mail from the table to a real mail server: once where nobody dies, and never lost where somebody does.
@Suite struct DeliverySenderTests {
    @Test func sendsOnceAndMarks() async throws {
        try await SendingTest.with { world in
            let user = try await world.addUser()
            try await world.reach(3, user)
            let process = try world.process()
            try await process.sender.sendDue()
            try await process.sender.sendDue()
            let mail = try #require(world.mail.received.first)
            #expect(world.mail.received.count == 1)
            let message = try #require(mail.header("Message-ID"))
            #expect(message.hasPrefix("<\(user)_") && message.hasSuffix("_email@grove.example>"))
            let delivery = try await world.deliveries(user)
            #expect(delivery == [.init(status: "sent", attempts: 1, nextAttemptAt: nil, error: nil)])
        }
    }

    @Test func theServiceSendsByItself() async throws {
        try await SendingTest.with { world in
            let user = try await world.addUser()
            let process = try world.process()
            let task = Task { try await DeliveryService(process.sender).run() }
            defer { task.cancel() }
            try await world.reach(3, user)
            try await world.waitForMail(1)
        }
    }

    /// What was wanted when it was written is asked again when it is sent.
    @Test func asksThePreferenceAgain() async throws {
        try await SendingTest.with { world in
            let (silent, collected, forced) = (
                try await world.addUser(), try await world.addUser(), try await world.addUser()
            )
            for user in [silent, collected] { try await world.reach(3, user) }
            try await world.tell(forced, .passwordChanged(at: world.clock.now), key: "password:1")
            try await world.prefer(silent, isEnabled: false)
            try await world.prefer(collected, digest: .daily)
            try await world.prefer(forced, .security, quiet: "00:00-23:59")
            let process = try world.process()
            try await process.sender.sendDue()
            let suppressed = try await world.deliveries(silent)
            #expect(
                suppressed == [
                    .init(
                        status: "suppressed", attempts: 0, nextAttemptAt: nil,
                        error: "not wanted by the preferences")
                ])
            let waiting = try await world.deliveries(collected)
            #expect(waiting == [.init(status: "deferred", attempts: 0, nextAttemptAt: nil, error: nil)])
            let security = try await world.statuses(forced)
            #expect(security == ["sent"])
            #expect(world.mail.received.count == 1)
        }
    }

    /// Nights over midnight and over both changes of the clock, in two hemispheres.
    @Test(arguments: [
        ("Europe/Berlin", "2026-01-10T22:30:00Z", "2026-01-11T06:00:00Z"),
        ("Europe/Berlin", "2026-03-28T22:30:00Z", "2026-03-29T05:00:00Z"),
        ("Europe/Berlin", "2026-10-24T22:30:00Z", "2026-10-25T06:00:00Z"),
        ("Australia/Sydney", "2026-04-04T12:30:00Z", "2026-04-04T21:00:00Z"),
        ("Australia/Sydney", "2026-10-03T12:30:00Z", "2026-10-03T20:00:00Z"),
    ]) func waitsForTheEndOfTheNight(zone: String, night: String, morning: String) async throws {
        try await SendingTest.with(at: night) { world in
            let user = try await world.addUser(zone: zone)
            try await world.prefer(user, quiet: "22:00-07:00")
            try await world.reach(3, user)
            let process = try world.process()
            try await process.sender.sendDue()
            let deferred = try await world.deliveries(user)
            #expect(deferred.map(\.status) == ["deferred"])
            #expect(try deferred.first?.nextAttemptAt == moment(morning))
            try world.clock.set(morning)
            world.clock.advance(-1)
            try await process.sender.sendDue()
            #expect(world.mail.received.isEmpty)
            world.clock.advance(1)
            try await process.sender.sendDue()
            #expect(world.mail.received.count == 1)
        }
    }

    @Test func whoMovesHasTheNightOfTheNewPlace() async throws {
        try await SendingTest.with(at: "2026-01-10T22:00:00Z") { world in
            let user = try await world.addUser(zone: "Europe/Berlin")
            try await world.prefer(user, quiet: "22:00-07:00")
            try await world.reach(3, user)
            world.clock.advance(3_600)
            try await world.move(user, to: "America/New_York")
            try world.clock.set("2026-01-11T06:00:00Z")
            let process = try world.process()
            try await process.sender.sendDue()
            let deferred = try await world.deliveries(user)
            #expect(try deferred.map(\.nextAttemptAt) == [moment("2026-01-11T12:00:00Z")])
            #expect(deferred.map(\.attempts) == [0])
            try world.clock.set("2026-01-11T12:00:00Z")
            try await process.sender.sendDue()
            #expect(world.mail.received.count == 1)
        }
    }

    @Test func aRefusalIsFinalAndATroubleIsNot() async throws {
        try await SendingTest.with { world in
            let unknown = try await world.addUser("unknown")
            let greylisted = try await world.addUser("greylisted")
            for user in [unknown, greylisted] { try await world.reach(3, user) }
            let process = try world.process()
            let start = world.clock.now
            try await process.sender.sendDue()
            let refused = try await world.deliveries(unknown)
            #expect(
                refused == [
                    .init(
                        status: "failed", attempts: 1, nextAttemptAt: nil,
                        error: "the mail server refused it with 550")
                ])
            let first = try await world.deliveries(greylisted)
            #expect(
                first == [
                    .init(
                        status: "pending", attempts: 1, nextAttemptAt: start + 60,
                        error: "the mail server answered 451")
                ])
            world.clock.advance(60)
            try await process.sender.sendDue()
            let second = try await world.deliveries(greylisted)
            #expect(second.map(\.nextAttemptAt) == [start + 360])
            world.clock.advance(300)
            try await process.sender.sendDue()
            let last = try await world.deliveries(greylisted)
            #expect(last.map(\.status) == ["failed"] && last.map(\.attempts) == [3])
        }
    }

    @Test func outlastsAServerThatIsAway() async throws {
        try await SendingTest.with { world in
            let user = try await world.addUser()
            for level in 1...5 { try await world.reach(level, user) }
            let process = try world.process()
            await world.mail.stop()
            try await process.sender.sendDue()
            let waiting = try await world.deliveries(user)
            #expect(waiting.allSatisfy { $0.status == "pending" && $0.attempts == 1 })
            let back = try await MailServer.start(port: world.mail.port)
            world.clock.advance(60)
            try await process.sender.sendDue()
            #expect(back.counts.count == 5 && back.counts.values.allSatisfy { $0 == 1 })
            let sent = try await world.statuses(user)
            #expect(sent == Array(repeating: "sent", count: 5))
        }
    }

    /// The process dies after the server took the message and before it could say so.
    @Test func whatADeadSenderSentComesAgainUnderTheSameID() async throws {
        try await SendingTest.with(["--slow-seconds", "0.5"]) { world in
            let user = try await world.addUser("slow")
            try await world.reach(3, user)
            let dying = try world.process()
            let task = Task { try? await dying.sender.sendDue() }
            try await world.waitForMail(1)
            await dying.die()
            await task.value
            let heir = try world.process()
            // Until its lease is over it may still live.
            world.clock.advance(119)
            try await heir.sender.sendDue()
            let leased = try await world.deliveries(user)
            #expect(leased.map(\.status) == ["pending"] && leased.map(\.attempts) == [1])
            world.clock.advance(1)
            try await heir.sender.sendDue()
            let sent = try await world.deliveries(user)
            #expect(sent.map(\.status) == ["sent"] && sent.map(\.attempts) == [2])
            #expect(world.mail.received.count == 2)
            #expect(world.mail.counts.count == 1)
        }
    }

    /// Without deaths nothing goes twice, however many look at the same time.
    @Test func manySendersSendEachOnce() async throws {
        try await SendingTest.with { world in
            var users: [User.ID] = []
            for _ in 0..<6 { users.append(try await world.addUser()) }
            for level in 1...15 { for user in users { try await world.reach(level, user) } }
            let processes = try (0..<4).map { _ in try world.process() }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for process in processes { group.addTask { try await process.sender.sendDue() } }
                try await group.waitForAll()
            }
            #expect(world.mail.counts.count == 90)
            #expect(world.mail.counts.values.allSatisfy { $0 == 1 })
            for user in users {
                let statuses = Set(try await world.statuses(user))
                #expect(statuses == ["sent"])
            }
        }
    }
}
