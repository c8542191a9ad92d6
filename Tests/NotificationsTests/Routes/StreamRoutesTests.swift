import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import GroveTesting
import ServiceKit
import SharedTypes
import StrictJSON
import Testing

@testable import Notifications

@Suite struct StreamRoutesTests {
    @Test func aMessageComesWhenItsTransactionHasCommitted() async throws {
        try await withNotifications { it in
            try await it.tell(level: 2)
            let stream = try await EventStreamReader(it)
            #expect(stream.status == 200)
            #expect(stream.contentType == "text/event-stream")
            try await eventually("the first event") { !stream.events.isEmpty }
            let first = try #require(stream.events.first)
            #expect(first.name == "unread")
            #expect(first.data["unread"] == .number(1))
            #expect(first.id == nil)
            try await it.database.transaction(as: it.ada.id.uuid) { transaction in
                try await notifyUser(
                    .levelReached(level: 3, experience: 300), dedupeKey: "level.reached:3",
                    in: OperationContext(user: it.ada.id, transaction: transaction, now: Date()))
                // Not before the commit, however long that takes.
                try await Task.sleep(for: .milliseconds(700))
                #expect(stream.levels.isEmpty)
            }
            try await stream.wait(for: [3])
            let event = try #require(stream.events.last)
            #expect(event.id == event.data["id"]?.string)
            #expect(event.data["title"] == .string("You reached level 3"))
        }
    }

    @Test func afterACutItGoesOnWithNothingLostAndNothingTwice() async throws {
        try await withNotifications { it in
            let first = try await EventStreamReader(it)
            try await eventually("the first event") { !first.events.isEmpty }
            for level in 2...4 { try await it.tell(level: level) }
            try await first.wait(for: [2, 3, 4])
            await first.cut()
            // More than a page, while nobody listens; and clocks that go backwards.
            for level in 5...130 {
                try await it.tell(level: level, at: Date().addingTimeInterval(-Double(level)))
            }
            let second = try await EventStreamReader(it, lastEventID: first.lastID)
            try await second.wait(for: Array(5...130))
            try await it.tell(level: 131)
            try await second.wait(for: Array(5...131))
            let third = try await EventStreamReader(it)
            // It begins with what is told after it has said how much is unread.
            try await eventually("the first event") { !third.events.isEmpty }
            try await it.tell(level: 132)
            try await third.wait(for: [132])
        }
    }

    @Test func whatIsToldAtOnceByManyComesOnceAndInOrder() async throws {
        try await withNotifications { it in
            let stream = try await EventStreamReader(it)
            try await eventually("the first event") { !stream.events.isEmpty }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for level in 2...61 {
                    let skew = Double.random(in: -1...1)
                    group.addTask { try await it.tell(level: level, at: Date().addingTimeInterval(skew)) }
                }
                try await group.waitForAll()
            }
            try await eventually("all messages") { stream.levels.count == 60 }
            #expect(Set(stream.levels) == Set(2...61))
            let ids = stream.events.compactMap(\.id)
            #expect(ids == ids.sorted())
        }
    }

    @Test func twoPeopleDoNotSeeEachOthers() async throws {
        try await withNotifications { it in
            let ada = try await EventStreamReader(it)
            let phone = try await EventStreamReader(it)
            let eve = try await EventStreamReader(it, token: it.eve.token)
            try await eventually("all streams") {
                !ada.events.isEmpty && !phone.events.isEmpty && !eve.events.isEmpty
            }
            try await it.tell(level: 2)
            try await it.tell(level: 9, it.eve)
            try await ada.wait(for: [2])
            try await phone.wait(for: [2])
            try await eve.wait(for: [9])
            try await Task.sleep(for: .milliseconds(600))
            #expect(ada.levels == [2])
            #expect(eve.levels == [9])
            // An id of another's stream is a place in time, and shows nothing of theirs.
            let back = try await EventStreamReader(it, token: it.eve.token, lastEventID: ada.lastID)
            try await eventually("the first event") { !back.events.isEmpty }
            #expect(!back.levels.contains(2))
        }
    }

    @Test func itOutlivesTheTimeOfARequestAndSaysThatItLives() async throws {
        var limits = ServiceLimits.standard
        limits.requestSeconds = 1
        limits.requestBurst = 0
        try await withNotifications(limits: limits, heartbeat: .milliseconds(400)) { it in
            let stream = try await EventStreamReader(it)
            // Three silences of 0.4 seconds are longer than a request may take.
            try await eventually("three comments") { stream.comments >= 3 }
            #expect(!stream.isEnded)
            try await it.tell(level: 2)
            try await stream.wait(for: [2])
        }
    }

    @Test func itEndsWithTheToken() async throws {
        try await withNotifications { it in
            let token = try await it.server.token(for: it.ada.id, lifetimeSeconds: 2)
            let start = ContinuousClock.now
            let stream = try await EventStreamReader(it, token: token)
            try await eventually("the end") { stream.isEnded }
            #expect(ContinuousClock.now - start > .milliseconds(500))
        }
    }

    @Test func aPersonHasFiveAtMost() async throws {
        try await withNotifications { it in
            var streams: [EventStreamReader] = []
            for _ in 1...5 { streams.append(try await EventStreamReader(it)) }
            let sixth = try await it.send("GET", "/v1/notifications/stream")
            #expect(sixth.status == 429)
            #expect(try sixth.text("type").hasSuffix("too-many-streams"))
            #expect(sixth.headers["retry-after"] != nil)
            // Another person's are counted apart, and a closed one is free again.
            #expect(try await EventStreamReader(it, token: it.eve.token).status == 200)
            await streams[0].cut()
            try await eventually("a free place") { try await EventStreamReader(it).status == 200 }
            // HEAD has no body, so it holds no place.
            for _ in 1...8 { _ = try await it.send("HEAD", "/v1/notifications/stream") }
            await streams[1].cut()
            try await eventually("a free place") { try await EventStreamReader(it).status == 200 }
        }
    }

    @Test func anIdThatIsNoneIsRefused() async throws {
        try await withNotifications { it in
            let answer = try await it.send(
                "GET", "/v1/notifications/stream", headers: ["Last-Event-ID": "12"])
            #expect(answer.status == 422)
            #expect(try answer.text("field") == "Last-Event-ID")
        }
    }

    @Test func theServerStopsPromptlyWithStreamsOpen() async throws {
        let (streams, end) = try await withNotifications { it in
            let streams = [
                try await EventStreamReader(it), try await EventStreamReader(it, token: it.eve.token),
            ]
            try await eventually("the streams") { streams.allSatisfy { !$0.events.isEmpty } }
            return (streams, ContinuousClock.now)
        }
        // Nobody waits for DRAIN_SECONDS; the database is dropped within this too.
        #expect(ContinuousClock.now - end < .seconds(20))
        try await eventually("the ends") { streams.allSatisfy(\.isEnded) }
    }
}
