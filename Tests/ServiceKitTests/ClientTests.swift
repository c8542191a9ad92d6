import ContractKit
import DatabaseClient
import Foundation
import GroveTesting
import ServiceKit
import ServiceKitContract
import SharedTypes
import Testing

/// Every operation that all services have, by the client of the contract, as an operator's tool uses them.
@Suite struct ClientTests {
    private typealias API = ServiceKitAPI

    private static let context = "notifications"
    private static let consumer = "notifications.messages"

    /// A consumer that has put three events of a user aside: its parameters, and the clients of an operator and of the user.
    private func withConsumer(
        _ body: @escaping @Sendable (_ clerk: ContractClient, _ user: ContractClient) async throws -> Void
    ) async throws {
        try await withTestDatabase { test in
            let (user, clerk) = (try await test.makeUser(), try await test.makeUser())
            try await test.owner.script(
                """
                INSERT INTO platform.consumers (name, partitions, created_at, updated_at)
                VALUES ('\(Self.consumer)', 1, now(), now());
                INSERT INTO platform.events
                    (id, owner_id, epoch, transaction_number, position, type, version, key, payload, occurred_at,
                     created_at)
                SELECT gen_random_uuid(), '\(user)', 1, number, 0, 'level.reached', 1, 'key-' || number, '{}', now(),
                    now()
                FROM generate_series(1, 3) AS number;
                INSERT INTO platform.parked_events
                    (consumer, event_id, owner_id, epoch, transaction_number, position, status, attempts, error,
                     created_at, updated_at)
                SELECT '\(Self.consumer)', id, owner_id, epoch, transaction_number, position, 'parked', 3,
                    'No such message.', now(), now()
                FROM platform.events;
                """)
            let module = EventOperationsModule([Self.context: test.events(of: Self.context)])
            try await withServer(
                modules: [module], databases: [test.database(role: "notifications_service")]
            ) { server in
                try await body(
                    server.client(token: try await server.token(for: clerk, isOperator: true)),
                    server.client(token: try await server.token(for: user)))
            }
        }
    }

    private func parked(_ clerk: ContractClient) async throws -> [API.ParkedEvent] {
        var parked: [API.ParkedEvent] = []
        let list = clerk.pages(
            API.ListParkedEvents.self, .init(context: Self.context, consumer: Self.consumer, limit: 2))
        for try await page in list {
            #expect(page.body.items.count <= 2)
            parked += page.body.items
        }
        return parked
    }

    private func problem(_ body: () async throws -> Void) async -> Problem? {
        await #expect(throws: Problem.self) { try await body() }
    }

    @Test func aConsumerIsHeldAndGoesOn() async throws {
        try await withConsumer { clerk, user in
            func consumers() async throws -> [API.Consumer] {
                try await clerk.send(API.ListConsumers.self, .init(context: Self.context)).body.items
            }
            let before = try await consumers()
            #expect(before.map(\.name) == [Self.consumer] && before.map(\.putAside) == [3])
            #expect(before.map(\.pausedAt) == [nil])
            let paused = try await clerk.send(
                API.PauseConsumer.self, .init(context: Self.context, consumer: Self.consumer))
            #expect(paused == .noContent)
            #expect(try await consumers().first?.pausedAt != nil)
            let resumed = try await clerk.send(
                API.ResumeConsumer.self, .init(context: Self.context, consumer: Self.consumer))
            #expect(resumed == .noContent)
            #expect(try await consumers() == before)

            let refused = await problem {
                _ = try await user.send(API.ListConsumers.self, .init(context: Self.context))
            }
            #expect(refused?.status == 403)
            let unknown = await problem {
                _ = try await clerk.send(API.ListConsumers.self, .init(context: "market"))
            }
            #expect(unknown?.status == 404)
        }
    }

    @Test func parkedEventsAreReplayedAndSkipped() async throws {
        try await withConsumer { clerk, _ in
            let events = try await parked(clerk)
            #expect(events.map(\.key) == ["key-1", "key-2", "key-3"])
            #expect(events.allSatisfy { $0.status == .known(.parked) && $0.error == "No such message." })
            let (first, second) = (events[0].eventID, events[1].eventID)
            let replayed = try await clerk.send(
                API.ReplayParkedEvent.self,
                .init(context: Self.context, consumer: Self.consumer, eventID: first))
            #expect(replayed == .noContent)

            let place = API.SkipParkedEvent.Parameters(
                context: Self.context, consumer: Self.consumer, eventID: second)
            let wrong = await problem {
                _ = try await clerk.send(API.SkipParkedEvent.self, place, .init(reason: ""))
            }
            #expect(wrong?.status == 422 && wrong?.field == "reason")
            let key = IdempotencyKey(UUID())
            for _ in 0..<2 {
                // The second is the first one's answer again.
                let skipped = try await clerk.send(
                    API.SkipParkedEvent.self, place, .init(reason: "A test's own"), key: key)
                #expect(skipped == .noContent)
            }
            let again = await problem {
                _ = try await clerk.send(API.SkipParkedEvent.self, place, .init(reason: "Again"))
            }
            #expect(again?.status == 404)
            let left = try await parked(clerk)
            #expect(left.map(\.key) == ["key-1", "key-3"])
            #expect(left.map(\.status) == [.known(.retrying), .known(.parked)])
        }
    }
}
