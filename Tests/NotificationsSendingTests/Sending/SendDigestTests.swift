import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import SharedTypes
import Testing

@testable import Notifications

/// Collected messages: each in one digest, whoever dies.
@Suite struct SendDigestTests {
    /// The levels that a mail tells of, by its Message-ID. A repeated mail must tell the same.
    private func levels(_ mail: MailServer) -> [String: Set<Int>] {
        var found: [String: Set<Int>] = [:]
        for message in mail.received {
            guard let id = message.header("Message-ID") else { continue }
            let body = message.text.replacing("=\r\n", with: "")
            let levels = Set(body.matches(of: /[Ll]evel ([0-9]+)/).compactMap { Int($0.1) })
            if let before = found[id] { #expect(before == levels, "a repeated digest carries the same") }
            found[id] = levels
        }
        return found
    }

    /// That every level is in exactly one of the digests.
    private func expectEachOnce(_ levels: ClosedRange<Int>, in mail: MailServer) {
        let carried = self.levels(mail).values.flatMap { $0 }.sorted()
        #expect(carried == Array(levels))
    }

    @Test func goesOutAtEightAndTakesNoMore() async throws {
        try await SendingTest.with { world in
            let user = try await world.addUser()
            try await world.prefer(user, digest: .daily)
            for level in 1...3 { try await world.reach(level, user) }
            let process = try world.process()
            try world.clock.set("2026-01-11T06:59:59Z")
            try await process.sender.sendDueDigests()
            #expect(world.mail.received.isEmpty)
            try world.clock.set("2026-01-11T07:00:00Z")
            try await process.sender.sendDueDigests()
            try await process.sender.sendDueDigests()
            #expect(world.mail.received.map { $0.header("Subject") } == ["3 messages from Grove"])
            // It comes too late for the first, even by a clock that is behind.
            try await world.reach(4, user, at: try moment("2026-01-11T06:59:00Z"))
            try await process.sender.sendDueDigests()
            #expect(world.mail.received.count == 1)
            try world.clock.set("2026-01-12T07:00:00Z")
            try await process.sender.sendDueDigests()
            #expect(world.mail.counts.count == 2)
            expectEachOnce(1...4, in: world.mail)
            let statuses = Set(try await world.statuses(user))
            #expect(statuses == ["sent"])
        }
    }

    /// It dies after the server took the digest. Another repeats it, with the same items under the same id, and what
    /// came in between goes into the next.
    @Test func aSenderThatDiesHalfWayRepeatsAndDropsNothing() async throws {
        // Slow enough that it is dead before it hears that the mail was taken.
        try await SendingTest.with(["--slow-seconds", "3"]) { world in
            let user = try await world.addUser("slow")
            try await world.prefer(user, digest: .daily)
            for level in 1...3 { try await world.reach(level, user) }
            try world.clock.set("2026-01-11T07:00:00Z")
            let dying = try world.process()
            let task = Task { try? await dying.sender.sendDueDigests() }
            try await world.waitForMail(1)
            try await world.reach(4, user, at: try moment("2026-01-11T06:00:00Z"))
            await dying.die()
            await task.value
            let heir = try world.process()
            world.clock.advance(119)
            try await heir.sender.sendDueDigests()
            #expect(world.mail.received.count == 1)
            world.clock.advance(1)
            try await heir.sender.sendDueDigests()
            #expect(world.mail.received.count == 2)
            #expect(world.mail.counts.count == 1)
            try world.clock.set("2026-01-12T07:00:00Z")
            try await heir.sender.sendDueDigests()
            #expect(world.mail.counts.count == 2)
            expectEachOnce(1...4, in: world.mail)
        }
    }

    /// Days of messages, deaths and several senders, at moments that a seed chooses.
    @Test(arguments: [1, 2, 3] as [UInt64]) func anyHistoryTellsEachOnce(seed: UInt64) async throws {
        try await SendingTest.with(["--slow-seconds", "0.2"]) { world in
            var random = SeededGenerator(seed: seed)
            let zones = ["Europe/Berlin", "America/New_York", "Australia/Sydney", "America/Santiago"]
            let user = try await world.addUser("slow", zone: zones[Int(seed) % 4])
            try await world.prefer(user, digest: .daily)
            var level = 0
            for _ in 0..<14 {
                for _ in 0..<Int.random(in: 0...3, using: &random) {
                    level += 1
                    try await world.reach(level, user)
                }
                world.clock.advance(Double(Int.random(in: 1...12, using: &random)) * 3_600)
                switch Int.random(in: 0..<4, using: &random) {
                case 0:
                    let (before, dying) = (world.mail.received.count, try world.process())
                    let task = Task { try? await dying.sender.sendDueDigests() }
                    for _ in 0..<25 where world.mail.received.count == before {
                        try await Task.sleep(for: .milliseconds(20))
                    }
                    await dying.die()
                    await task.value
                case 1: try await world.move(user, to: zones[Int.random(in: 0..<4, using: &random)])
                default:
                    let (one, two) = (try world.process(), try world.process())
                    async let first: Void = one.sender.sendDueDigests()
                    async let second: Void = two.sender.sendDueDigests()
                    _ = try await (first, second)
                }
            }
            let last = try world.process()
            for _ in 0..<4 {
                world.clock.advance(86_400)
                try await last.sender.sendDueDigests()
            }
            if level > 0 { expectEachOnce(1...level, in: world.mail) }
            let statuses = Set(try await world.statuses(user))
            #expect(statuses == ["sent"])
        }
    }

    /// Messages are written, by clocks that are a little behind, at the moment in which the digest is closed.
    @Test func closingAndCollectingMeet() async throws {
        try await SendingTest.with(at: "2026-01-11T06:59:59Z") { world in
            let user = try await world.addUser()
            try await world.prefer(user, digest: .daily)
            try await world.reach(1, user)
            let before = world.clock.now
            world.clock.advance(1)
            let process = try world.process()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for level in 2...30 { group.addTask { try await world.reach(level, user, at: before) } }
                for _ in 0..<10 { group.addTask { try await process.sender.sendDueDigests() } }
                try await group.waitForAll()
            }
            for _ in 0..<2 {
                try await process.sender.sendDueDigests()
                world.clock.advance(86_400)
            }
            try await process.sender.sendDueDigests()
            expectEachOnce(1...30, in: world.mail)
            #expect(world.mail.counts.values.allSatisfy { $0 == 1 })
        }
    }

    @Test func waitsForQuietHoursAndDropsWhatIsNotWanted() async throws {
        try await SendingTest.with { world in
            let (late, silent) = (try await world.addUser(), try await world.addUser())
            try await world.prefer(late, quiet: "22:00-09:30", digest: .daily)
            try await world.prefer(silent, digest: .daily)
            for user in [late, silent] { try await world.reach(1, user) }
            try await world.prefer(silent, isEnabled: false)
            let process = try world.process()
            try world.clock.set("2026-01-11T07:00:00Z")
            try await process.sender.sendDueDigests()
            #expect(world.mail.received.isEmpty)
            let suppressed = try await world.statuses(silent)
            #expect(suppressed == ["suppressed"])
            try world.clock.set("2026-01-11T08:30:00Z")
            try await process.sender.sendDueDigests()
            #expect(world.mail.received.count == 1)
            let sent = try await world.statuses(late)
            #expect(sent == ["sent"])
        }
    }

    /// In Sydney the digest of the 11th has gone; in New York it is still the 10th.
    @Test func whoMovesWestMissesNothing() async throws {
        try await SendingTest.with(at: "2026-01-10T05:00:00Z") { world in
            let user = try await world.addUser(zone: "Australia/Sydney")
            try await world.prefer(user, digest: .daily)
            try await world.reach(1, user)
            let process = try world.process()
            try world.clock.set("2026-01-10T21:00:00Z")
            try await process.sender.sendDueDigests()
            #expect(world.mail.received.count == 1)
            try await world.move(user, to: "America/New_York")
            try await world.reach(2, user)
            try world.clock.set("2026-01-11T13:00:00Z")
            try await process.sender.sendDueDigests()
            #expect(world.mail.received.count == 1)
            try world.clock.set("2026-01-12T13:00:00Z")
            try await process.sender.sendDueDigests()
            #expect(world.mail.counts.count == 2)
            expectEachOnce(1...2, in: world.mail)
        }
    }

    @Test func aDigestIsRetriedAndFailsForGood() async throws {
        try await SendingTest.with { world in
            let (unknown, greylisted) = (
                try await world.addUser("unknown"), try await world.addUser("greylisted")
            )
            for user in [unknown, greylisted] {
                try await world.prefer(user, digest: .weekly)
                try await world.reach(1, user)
            }
            let process = try world.process()
            // Monday, eight in the morning.
            try world.clock.set("2026-01-12T07:00:00Z")
            try await process.sender.sendDueDigests()
            let refused = try await world.deliveries(unknown)
            #expect(refused.map(\.status) == ["failed"])
            for attempts in 1...2 {
                let waiting = try await world.deliveries(greylisted)
                #expect(waiting.map(\.status) == ["deferred"] && waiting.map(\.attempts) == [attempts])
                world.clock.advance(300)
                try await process.sender.sendDueDigests()
            }
            let failed = try await world.deliveries(greylisted)
            #expect(failed.map(\.status) == ["failed"])
            #expect(failed.map(\.error) == ["the mail server answered 451"])
            let left = try await world.test.owner.query("SELECT count(*) FROM notifications.digests")
                .one { try $0.int(0) }
            #expect(left == 0)
        }
    }
}
