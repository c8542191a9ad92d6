import DatabaseClient
import ExactTypes
import Foundation
import SharedTypes

/// What one contender did with its listeners, over all rounds.
struct StreamMeasurement: Encodable {
    struct Round: Encodable {
        let messages: Int
        let p50Microseconds: Double
        let p99Microseconds: Double
    }

    let contender: String
    let listeners: Int
    /// From the first connection until all have got their first event.
    let openMilliseconds: Double
    /// What is resident more with all of them than before, for each.
    let kilobytesEach: Double
    let rounds: [Round]
}

/// A thousand users listen, each by a stream of their own, and get messages at even intervals.
struct StreamRun {
    let folder: HTTPFolder
    let listeners: Int
    /// Messages a second.
    let rate: Int
    let seconds: Int
    let rounds: Int
    let progress: (String) -> Void

    func measure(_ contender: HTTPContender) async throws -> StreamMeasurement {
        progress("stream, starting \(contender.name)")
        let program = try await HTTPServerProgram.start(contender)
        let result: Result<StreamMeasurement, any Error>
        do {
            result = .success(try await measure(program))
        } catch {
            result = .failure(error)
        }
        await program.stop()
        return try result.get()
    }

    private func measure(_ program: HTTPServerProgram) async throws -> StreamMeasurement {
        let tokens = try String(contentsOfFile: folder.tokens, encoding: .utf8).split(separator: "\n")
            .prefix(listeners).map { $0.prefix { $0 != " " } }
        let before = program.residentKilobytes
        let start = ContinuousClock.now
        let streams = try StreamListeners(port: program.port, tokens: tokens)
        defer { streams.stop() }
        try await wait("open", streams) { streams.begun == listeners }
        let opened = (ContinuousClock.now - start) / .milliseconds(1)
        // What it took to open them is given back, or is not.
        try await Task.sleep(for: .seconds(1))
        let each = Double(program.residentKilobytes - before) / Double(listeners)
        let owner = try await folder.ownerConnection()
        // What is opened and compiled at first is no part of a round.
        _ = try await round(streams, owner, seconds: 1)
        var measured: [StreamMeasurement.Round] = []
        for number in 1...rounds {
            progress("stream, \(program.contender.name), round \(number) of \(rounds)")
            measured.append(try await round(streams, owner, seconds: seconds))
        }
        await owner.close()
        return StreamMeasurement(
            contender: program.contender.name, listeners: listeners, openMilliseconds: opened,
            kilobytesEach: each, rounds: measured)
    }

    private func round(
        _ streams: StreamListeners, _ owner: DatabaseConnection, seconds: Int
    ) async throws -> StreamMeasurement.Round {
        let count = rate * seconds
        let start = ContinuousClock.now
        for number in 0..<count {
            try await Task.sleep(until: start + .seconds(1) * number / rate)
            try await post(to: Int.random(in: 0..<listeners), owner)
        }
        try await wait("get \(count) messages", streams) { streams.received == count }
        let times = streams.takeMicroseconds().sorted()
        return StreamMeasurement.Round(
            messages: count, p50Microseconds: times[times.count / 2],
            p99Microseconds: times[times.count * 99 / 100])
    }

    /// A message in a user's inbox, as the consumer of events commits it. It carries the moment before it.
    private func post(to user: Int, _ owner: DatabaseConnection) async throws {
        let id = SharedTypes.Notification.ID.version7(at: Date())
        let digits = String(user, radix: 16)
        let userID = "00000000-0000-7000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
        try await owner.script(
            """
            BEGIN;
            INSERT INTO notifications.notifications (
                user_id, id, category, template, title, body, data, dedupe_key, priority, created_at, updated_at)
            VALUES ('\(userID)', '\(id)', 'gamification', 'level.reached', 'Level 5', 'You have reached level 5.',
                '{"sent": \(StreamListeners.nanoseconds)}', '\(id)', 'normal', now(), now());
            INSERT INTO notifications.notification_deliveries (
                user_id, notification_id, channel, status, attempts, sent_at, created_at, updated_at)
            VALUES ('\(userID)', '\(id)', 'in_app', 'sent', 0, now(), now(), now());
            SELECT pg_notify('grove_inboxes', '\(userID)');
            COMMIT
            """)
    }

    private func wait(
        _ what: String, _ streams: StreamListeners, until condition: () -> Bool
    ) async throws {
        let start = ContinuousClock.now
        while !condition() {
            guard streams.ended == 0, .now - start < .seconds(30) else {
                throw BenchFailure(
                    message:
                        "The listeners do not \(what): \(streams.begun) have begun, \(streams.ended) ended, "
                        + "\(streams.received) messages came.")
            }
            try await Task.sleep(for: .milliseconds(2))
        }
    }
}
