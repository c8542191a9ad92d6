import CoreMetrics
import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import GroveTesting
import PeriodicWork
import ServiceKit
import SharedTypes
import StrictJSON
import Testing

extension EventLogSuite {
    /// The operator's endpoints over a real socket, on a log with a consumer that met poison.
    @Suite struct EventOperationsTests {
        struct Operated: Sendable {
            let events: EventLogTest
            let server: TestServer
            let operatorID: User.ID
            let token: String
            let stranger: String

            static let list = "/v1/operator/gamification/consumers"
            static let path = "\(list)/\(EventLogTest.consumer)"

            func post(_ path: String, json: String? = nil, key: String = UUID().uuidString) async throws
                -> TestClient.Answer
            {
                try await server.send(
                    "POST", Self.path + path, token: token, headers: ["Idempotency-Key": key], json: json)
            }

            func items(_ path: String) async throws -> [JSONValue] {
                let answer = try await server.send("GET", path, token: token)
                try #require(answer.status == 200, "\(answer.text)")
                guard case .array(let items)? = answer.json["items"] else { return [] }
                return items
            }

            /// What is put aside, once so many events are parked.
            func parked(_ count: Int) async throws -> [JSONValue] {
                for _ in 0..<500 {
                    // Until it has registered there is no such consumer, and the answer has no items.
                    let answer = try await server.send("GET", Self.path + "/parked", token: token)
                    let items = answer.json["items"]?.elements ?? []
                    if items.filter({ $0["status"]?.string == "parked" }).count == count { return items }
                    try await Task.sleep(for: .milliseconds(20))
                }
                return []
            }

            func audit() async throws -> [String] {
                try await events.test.owner.query(
                    """
                    SELECT actor_kind || ' ' || (actor = '\(operatorID)') || ' ' || action || ' '
                        || (user_id = '\(operatorID)') || ' ' || after::text
                    FROM audit.entries ORDER BY id
                    """
                ).many { try $0.text(0) }
            }
        }

        private func operating(
            _ poisons: ParkedEventTests.Poisons, _ body: @escaping @Sendable (Operated) async throws -> Void
        ) async throws {
            try await EventLogTest.with { events in
                let (operatorID, stranger) = (
                    try await events.test.makeUser(), try await events.test.makeUser()
                )
                let database = events.service
                let module = EventOperationsModule(["gamification": events.log, "market": events.log])
                let consumer = EventLogTest.countingConsumer { try poisons.taste($0) }
                try await withServer(modules: [module], databases: [database]) { server in
                    let operated = Operated(
                        events: events, server: server, operatorID: operatorID,
                        token: try await server.token(for: operatorID, isOperator: true),
                        stranger: try await server.token(for: stranger))
                    try await events.consuming(consumer) { try await body(operated) }
                }
            }
        }

        /// Ada's 2 is poisonous and 4 waits behind it, Eve's 3 is too: one is replayed, one is skipped.
        @Test func anOperatorSeesWhyAndReplaysOrSkips() async throws {
            let poisons = ParkedEventTests.Poisons([2, 3])
            try await operating(poisons) { operated in
                let events = operated.events
                let (ada, eve) = (try await events.test.makeUser(), try await events.test.makeUser())
                let service = events.service
                for number in 1...5 {
                    try await events.append(number, of: number % 2 == 0 ? ada : eve, on: service)
                }
                let parked = try await operated.parked(2)
                #expect(parked.map { $0["key"]?.string } == ["2", "3", "4", "5"])
                #expect(parked.map { $0["status"]?.string } == ["parked", "parked", "held", "held"])
                let first = try #require(parked.first)
                #expect(first["type"]?.string == "test.counted" && first["attempts"] == .number(3))
                #expect(first["user_id"]?.string == ada.description)
                #expect(first["error"]?.string?.contains("Poison") == true)
                let states = try await operated.items(Operated.list)
                #expect(states.map { $0["put_aside"] } == [.number(4)])
                let ids = parked.compactMap { $0["event_id"]?.string }

                poisons.heal()
                let key = UUID().uuidString
                for _ in 0..<2 {
                    // The second is the first one's answer again.
                    let replayed = try await operated.post("/parked/\(ids[0])/replay", key: key)
                    #expect(replayed.status == 204, "\(replayed.text)")
                }
                let refused = try await operated.post("/parked/\(ids[1])/skip", json: #"{"reason": ""}"#)
                #expect(refused.status == 422)
                let skipped = try await operated.post(
                    "/parked/\(ids[1])/skip", json: #"{"reason": "a test's own"}"#)
                #expect(skipped.status == 204, "\(skipped.text)")
                try await events.waitForEffects(4)
                let effects = try await events.effects()
                #expect(effects.sorted() == [1, 2, 4, 5])
                let again = try await operated.post("/parked/\(ids[0])/replay")
                #expect(again.status == 404)
                let left = try await operated.items(Operated.path + "/parked")
                #expect(left.isEmpty)
                let audit = try await operated.audit()
                #expect(
                    audit == [
                        "operator true platform.replay_event false "
                            + #"{"status": "retrying", "consumer": "gamification.test"}"#,
                        "operator true platform.skip_event false "
                            + #"{"reason": "a test's own", "status": "skipped", "consumer": "gamification.test"}"#,
                    ])
            }
        }

        @Test func aPausedConsumerWaitsUntilItIsResumed() async throws {
            try await operating(ParkedEventTests.Poisons([])) { operated in
                let (events, service) = (operated.events, operated.events.service)
                try await events.append(1, of: nil, on: service)
                try await events.waitForEffects(1)
                let paused = try await operated.post("/pause")
                #expect(paused.status == 204, "\(paused.text)")
                try await Task.sleep(for: .milliseconds(200))
                try await events.append(2, of: nil, on: service)
                try await Task.sleep(for: .milliseconds(300))
                let state = try #require(try await operated.items(Operated.list).first)
                #expect(state["paused_at"]?.string != nil && state["events_behind"] == .number(1))
                guard case .number(let lag)? = state["lag_seconds"] else {
                    Issue.record("no lag")
                    return
                }
                #expect(lag > 0.2 && lag < 60)
                let resumed = try await operated.post("/resume")
                #expect(resumed.status == 204, "\(resumed.text)")
                try await events.waitForEffects(2)
                let audit = try await operated.audit()
                #expect(
                    audit == [
                        #"operator true platform.pause_consumer true {"paused": true}"#,
                        #"operator true platform.resume_consumer true {"paused": false}"#,
                    ])
            }
        }

        @Test func parkedEventsComeInPages() async throws {
            let poisons = ParkedEventTests.Poisons(Set(0..<5))
            try await operating(poisons) { operated in
                let service = operated.events.service
                for number in 0..<5 { try await operated.events.append(number, of: nil, on: service) }
                _ = try await operated.parked(5)
                var (keys, after): ([String], String?) = ([], "")
                while let cursor = after {
                    let answer = try await operated.server.send(
                        "GET", Operated.path + "/parked?limit=2" + (cursor.isEmpty ? "" : "&after=\(cursor)"),
                        token: operated.token)
                    for index in 0..<2 {
                        if let key = answer.json["items"]?[index]?["key"]?.string { keys.append(key) }
                    }
                    after = answer.json["next"]?.string
                }
                #expect(keys == ["0", "1", "2", "3", "4"])
                let wrong = try await operated.server.send(
                    "GET", Operated.path + "/parked?after=nothing", token: operated.token)
                #expect(wrong.status == 422)
            }
        }

        @Test func operatorsOnly() async throws {
            try await operating(ParkedEventTests.Poisons([])) { operated in
                let event = "/parked/\(UUID())"
                let requests = [
                    ("GET", Operated.list), ("GET", Operated.path + "/parked"),
                    ("POST", Operated.path + event + "/replay"), ("POST", Operated.path + event + "/skip"),
                    ("POST", Operated.path + "/pause"), ("POST", Operated.path + "/resume"),
                ]
                for (method, path) in requests {
                    let body = path.hasSuffix("skip") ? #"{"reason": "none"}"# : nil
                    for (token, status) in [(operated.stranger, 403), (nil, 401)] {
                        let answer = try await operated.server.send(method, path, token: token, json: body)
                        #expect(answer.status == status, "\(method) \(path) \(answer.text)")
                    }
                    // Unknown to the context: another's consumer, which stands in the same log, is one of these.
                    let unknown = [
                        path.replacing("gamification/", with: "nobodys/"),
                        path.replacing(EventLogTest.consumer, with: "gamification.nobody"),
                        path.replacing("gamification/", with: "market/"),
                    ]
                    for unknown in unknown where unknown != path && unknown != "/v1/operator/market/consumers"
                    {
                        let answer = try await operated.server.send(
                            method, unknown, token: operated.token, json: body)
                        #expect(answer.status == 404, "\(method) \(unknown) \(answer.text)")
                    }
                }
            }
        }

        @Test func aContextShowsItsOwnConsumersAlone() async throws {
            try await operating(ParkedEventTests.Poisons([])) { operated in
                try await operated.events.append(1, of: nil, on: operated.events.service)
                try await operated.events.waitForEffects(1)
                let own = try await operated.items(Operated.list)
                #expect(own.map { $0["name"]?.string } == [EventLogTest.consumer])
                let others = try await operated.items("/v1/operator/market/consumers")
                #expect(others.isEmpty)
            }
        }

        @Test func lagIsMeasured() async throws {
            try await EventLogTest.with { events in
                let metrics = PrometheusMetrics()
                let (user, service) = (try await events.test.makeUser(), events.service)
                let poisons = ParkedEventTests.Poisons([1])
                let consumer = EventConsumerService(
                    EventLogTest.countingConsumer { try poisons.taste($0) }, log: events.log,
                    retries: RetryPolicy(maximumAttempts: 1), pollInterval: .milliseconds(50),
                    lagInterval: .milliseconds(50), metrics: metrics)
                func line(_ name: String) -> String? {
                    let prefix = "\(name){consumer=\"\(EventLogTest.consumer)\"} "
                    return metrics.text.split(separator: "\n").first { $0.hasPrefix(prefix) }.map {
                        String($0.dropFirst(prefix.count))
                    }
                }
                func waitFor(_ name: String, _ value: String) async throws {
                    for _ in 0..<200 where line(name) != value {
                        try await Task.sleep(for: .milliseconds(20))
                    }
                    #expect(line(name) == value)
                }
                let task = Task { try await consumer.run() }
                defer { task.cancel() }
                try await waitFor("events_behind", "0.0")
                while try await events.log.consumerStates().isEmpty {
                    try await Task.sleep(for: .milliseconds(20))
                }
                try await events.log.setPaused(true, EventLogTest.consumer)
                try await Task.sleep(for: .milliseconds(200))
                for number in 1...3 { try await events.append(number, of: user, on: service) }
                try await waitFor("events_behind", "3.0")
                try await Task.sleep(for: .milliseconds(100))
                let lag = try #require(line("events_lag_seconds").flatMap(Double.init))
                #expect(lag > 0 && lag < 60)
                try await events.log.setPaused(false, EventLogTest.consumer)
                try await waitFor("events_behind", "0.0")
                try await waitFor("events_lag_seconds", "0.0")
                try await waitFor("events_put_aside", "3.0")
                try await waitFor("events_failed_total", "1")
            }
        }
    }
}
