import DatabaseClient
import EventLog
import Foundation
import GroveTesting
import ServiceKit
import SharedTypes
import StrictJSON
import Testing

extension EventLogSuite {
    /// `gamification-service events …` as a process, on a log with a consumer of its own.
    @Suite struct EventsCommandTests {
        private func run(
            _ arguments: [String], _ events: EventLogTest, context: String = "gamification"
        ) async throws -> (Int32, String) {
            let process = try ServiceProcess(
                "\(context)-service", ["events"] + arguments,
                environment: [
                    "DATABASE_URL": events.test.connectionString(role: "\(context)_service"),
                    "WORKER_DATABASE_URL": events.test.connectionString(role: "\(context)_worker"),
                    "USER": "ada",
                ])
            return (await process.exitCode(), process.output)
        }

        private func json(_ text: String) throws -> JSONValue {
            try JSONValue(parsing: text)
        }

        @Test func anOperatorFindsReplaysAndSkipsAtATerminal() async throws {
            try await EventLogTest.with { events in
                let (user, service) = (try await events.test.makeUser(), events.service)
                let poisons = ParkedEventTests.Poisons([1, 2])
                let consumer = EventLogTest.countingConsumer { try poisons.taste($0) }
                for number in 1...2 {
                    try await events.append(number, of: number == 1 ? user : nil, on: service)
                }
                try await events.consuming(consumer) {
                    var parked: [ParkedEvent] = []
                    for _ in 0..<500 where parked.count < 2 {
                        let all = (try? await events.log.parkedEvents(of: EventLogTest.consumer)) ?? []
                        parked = all.filter { $0.status == .parked }
                        try await Task.sleep(for: .milliseconds(20))
                    }
                    try #require(parked.count == 2)
                    let lag = try await run(["lag", "--json"], events, context: "portfolios")
                    #expect(lag.0 == 0, "\(lag.1)")
                    let state = try json(lag.1)["items"]?[0]
                    #expect(state?["name"]?.string == EventLogTest.consumer)
                    #expect(state?["put_aside"] == .number(2) && state?["events_behind"] == .number(0))
                    let shown = try await run(["parked", EventLogTest.consumer], events)
                    #expect(
                        shown.0 == 0 && shown.1.contains("\(parked[0].id) parked test.counted 1: 3 attempts"))
                    #expect(shown.1.contains("Poison"))

                    let other = try await run(
                        ["skip", EventLogTest.consumer, "\(parked[1].id)", "--reason", "never mind"], events,
                        context: "portfolios")
                    #expect(
                        other.0 == 77 && other.1.contains("Only the service of its context"), "\(other.1)")
                    poisons.heal()
                    let skipped = try await run(
                        ["skip", EventLogTest.consumer, "\(parked[1].id)", "--reason", "never mind"], events)
                    #expect(skipped.0 == 0, "\(skipped.1)")
                    let replayed = try await run(["replay", EventLogTest.consumer, "--all"], events)
                    #expect(replayed.0 == 0 && replayed.1 == "1 event is tried again.\n")
                    try await events.waitForEffects(1)
                }
                let effects = try await events.effects()
                #expect(effects == [1])
                let kept = try await events.test.owner.query(
                    "SELECT resolved_by || ': ' || resolution FROM platform.parked_events WHERE status = 'skipped'"
                ).many { try $0.text(0) }
                #expect(kept == ["ada: never mind"])
            }
        }

        @Test func whatIsWrongHasItsExitCode() async throws {
            try await EventLogTest.with { events in
                let unknown = try await run(["parked", "nobody"], events)
                #expect(unknown.0 == 66 && unknown.1.contains("no such consumer"))
                let event = try await run(["replay", "nobody", "\(UUID())"], events)
                #expect(event.0 == 66 && event.1.contains("no such event"))
                let arguments = try await run(["replay", "nobody"], events)
                #expect(arguments.0 == 64)
                let nowhere = try ServiceProcess(
                    "portfolios-service", ["events", "lag"],
                    environment: [
                        "DATABASE_URL": "postgresql://portfolios_service@127.0.0.1:1/grove",
                        "WORKER_DATABASE_URL": "postgresql://portfolios_worker@127.0.0.1:1/grove",
                    ])
                #expect(await nowhere.exitCode() == 69, "\(nowhere.output)")
                let unconfigured = try ServiceProcess("portfolios-service", ["events", "lag"])
                #expect(await unconfigured.exitCode() == 78)
                #expect(unconfigured.output.contains("WORKER_DATABASE_URL"))
            }
        }
    }
}
