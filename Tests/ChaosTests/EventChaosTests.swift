import EmbeddedPostgres
import Foundation
import GroveTesting
import Testing

/// 10,000 transactions, while the processes that live from them are killed each second and the database twice.
@Suite struct EventChaosTests {
    static let people = 20
    static let imports = 10
    static let rows = 50

    @Test func everyEffectHappensOnce() async throws {
        try await ServiceStack.with(durable: true) { stack in
            let writers = [try await stack.start(.users), try await stack.start(.portfolios)]
            let effects = Effects(stack: stack)
            let receivers = try await Receivers(stack: stack)
            try await effects.insertCatalogue()
            let inbox = try await stack.start(.notifications, ["WEBHOOK_PRIVATE_ADDRESSES": "true"])
            let people = try await withThrowingTaskGroup(of: ChaosPerson.self) { group in
                for number in 0..<Self.people {
                    group.addTask { try await ChaosPerson(number, at: stack, receivers) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            inbox.signal(SIGKILL)

            let listeners = Listeners(stack: stack, receivers: receivers)
            let kills = try await withThrowingTaskGroup(of: Int.self) { group in
                group.addTask { try await listeners.killEachSecond() }
                group.addTask { try await killTheDatabaseTwice(stack, effects) }
                try await post(for: people)
                group.cancelAll()
                return try await group.reduce(0, +)
            }
            #expect(kills > 8, "hardly anybody was killed: the drill drilled nothing")
            #expect(
                try await effects.count("portfolios.transactions") == Self.people * Self.imports * Self.rows)

            // All that is there now is what many passes, each cut off somewhere, made of the log.
            try await listeners.run {
                try await effects.waitUntilAllIsRead()
                try await effects.waitUntilAllIsSent()
            }
            let chaotic = try await effects.everything()
            try await effects.checkFigures()
            let messages = try await effects.count("notifications.notifications")
            #expect(messages > 100)
            #expect(receivers.mailIDs.count == messages, "a mail is missing, or has two ids")
            #expect(receivers.webhookIDs.count == messages, "a webhook is missing, or has two ids")

            try await effects.forget()
            try await listeners.run { try await effects.waitUntilAllIsRead() }
            let calm = try await effects.everything()
            for (table, rows) in calm {
                #expect(!rows.isEmpty, "\(table) has nothing: nothing was compared")
                #expect(chaotic[table] == rows, "\(table) differs from one pass over the log")
            }
            await receivers.stop()
            for writer in writers {
                writer.signal(SIGTERM)
                #expect(await writer.exitCode() == 0, "\(writer.output)")
            }
        }
    }

    private func post(for people: [ChaosPerson]) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for person in people {
                group.addTask {
                    for number in 0..<Self.imports { try await person.importRows(Self.rows, number: number) }
                }
            }
            try await group.waitForAll()
        }
    }

    /// - Returns: 0, for it counts services.
    private func killTheDatabaseTwice(_ stack: ServiceStack, _ effects: Effects) async throws -> Int {
        let all = Self.people * Self.imports * Self.rows
        for share in [3, 2] {
            while (try? await effects.count("portfolios.transactions")) ?? 0 < all / share {
                guard !Task.isCancelled else {
                    Issue.record("all was posted before the database could be killed")
                    return 0
                }
                try? await Task.sleep(for: .milliseconds(20))
            }
            if let postgres = stack.postgres { kill(postgres.processID, SIGKILL) }
        }
        return 0
    }
}
