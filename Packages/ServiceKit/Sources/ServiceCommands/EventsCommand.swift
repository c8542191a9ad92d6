import ArgumentParser
import ContractKit
import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import Logging
import ServiceKit
import ServiceKitContract
import SharedTypes
import StrictJSON

/// What an operator does with the event log at a terminal.
struct EventsCommand<Module: ContextModule>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "events",
            abstract: "Shows how far the consumers of events are, and helps those that are stuck.",
            discussion: """
                Needs DATABASE_URL and WORKER_DATABASE_URL, and shows the consumers of all services. Ends with 66 where \
                there is no such consumer or event, 69 where the database cannot be reached, 77 where the consumer to be \
                changed is another service's, 78 where the configuration is wrong.
                """,
            subcommands: [
                LagCommand<Module>.self, ParkedCommand<Module>.self, ReplayCommand<Module>.self,
                SkipCommand<Module>.self,
            ])
    }
}

extension ContextModule {
    /// Runs the work on the log that the environment describes, and turns its errors into exit codes (sysexits).
    fileprivate static func withLog(_ work: (EventLog) async throws -> Void) async throws {
        let database: DatabaseConfiguration
        let worker: DatabaseConfiguration
        do {
            var settings = try await Settings.load()
            database = DatabaseConfiguration(from: &settings, context: context, name: "events-command")
            worker = database.worker(from: &settings, context: context)
            try settings.finish()
        } catch let error as ConfigurationFaults {
            throw failed(78, "\(error)")
        }
        var logger = Logger(label: "events")
        logger.logLevel = .error
        let resources = ServiceResources(database: database, worker: worker, logger: logger)
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await work(resources.events))
        } catch EventLogError.notFound(let what) {
            let hint =
                what == "event" ? "It may be resolved, or held behind another: see `events parked`." : ""
            outcome = .failure(failed(66, "There is no such \(what). \(hint)"))
        } catch EventLogError.otherContext(let consumer) {
            outcome = .failure(
                failed(77, "Only the service of its context changes the consumer \(consumer)."))
        } catch let error as DatabaseError {
            outcome = .failure(failed(69, "\(error)"))
        } catch {
            outcome = .failure(error)
        }
        await resources.database.close()
        await resources.worker.close()
        try outcome.get()
    }
}

private func failed(_ code: Int32, _ reason: String) -> ExitCode {
    FileHandle.standardError.write(Data("\(reason)\n".utf8))
    return ExitCode(code)
}

private func write(_ answer: some JSONWritable) {
    print(String(decoding: answer.json, as: UTF8.self))
}

private struct LagCommand<Module: ContextModule>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "lag", abstract: "How far each consumer is, and how many events it has put aside.")
    }

    @Flag(help: "Write JSON, as GET /v1/operator/…/consumers does.")
    var json = false

    func run() async throws {
        try await Module.withLog { log in
            let states = try await log.consumerStates()
            if json {
                return write(ListPage(items: states.map(ServiceKitAPI.Consumer.init), next: nil))
            }
            for state in states {
                let paused = state.pausedAt.map { ", paused since \($0.rfc3339)" } ?? ""
                print(
                    "\(state.name): \(state.behind) events behind, \(Int(state.lagSeconds.rounded())) s, "
                        + "\(state.putAside) put aside\(paused)")
            }
        }
    }
}

private struct ParkedCommand<Module: ContextModule>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "parked",
            abstract: "What a consumer has put aside, and why, in the order of the log.")
    }

    @Argument(help: "The consumer's name, as gamification.quests.")
    var consumer: String

    @Option(help: "How many events to show.")
    var limit = 50

    @Flag(help: "Write JSON, as GET /v1/operator/…/consumers/…/parked does.")
    var json = false

    func validate() throws {
        guard (1...10_000).contains(limit) else { throw ValidationError("--limit is from 1 to 10000.") }
    }

    func run() async throws {
        try await Module.withLog { log in
            let events = try await log.parkedEvents(of: consumer, limit: limit)
            if json {
                return write(
                    ListPage(items: try events.map(ServiceKitAPI.ParkedEvent.init), next: nil))
            }
            for event in events {
                print(
                    "\(event.id) \(event.status.rawValue) \(event.type) \(event.key): "
                        + "\(event.attempts) attempts\(event.error.map { ", \($0)" } ?? "")")
            }
        }
    }
}

private struct ReplayCommand<Module: ContextModule>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "replay",
            abstract: "Has what failed tried again at once; what waits behind it then goes on."
        )
    }

    @Argument(help: "The consumer's name, as gamification.quests.")
    var consumer: String

    @Argument(help: "The event's id.", transform: parseEventID)
    var event: Event.ID?

    @Flag(help: "All events of the consumer that wait for an operator.")
    var all = false

    func validate() throws {
        guard (event != nil) != all else { throw ValidationError("Give an event's id, or --all.") }
    }

    func run() async throws {
        try await Module.withLog { log in
            var ids = event.map { [$0] } ?? []
            var page = all ? try await log.parkedEvents(of: consumer) : []
            while let last = page.last {
                ids += page.filter { $0.status == .parked }.map(\.id)
                page = try await log.parkedEvents(of: consumer, after: last.place)
            }
            for id in ids { try await log.replay(id, for: consumer) }
            print(ids.count == 1 ? "1 event is tried again." : "\(ids.count) events are tried again.")
        }
    }
}

private struct SkipCommand<Module: ContextModule>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "skip", abstract: "Gives an event up for a consumer; what waits behind it goes on.")
    }

    @Argument(help: "The consumer's name, as gamification.quests.")
    var consumer: String

    @Argument(help: "The event's id.", transform: parseEventID)
    var event: Event.ID

    @Option(help: "Why, in up to 1000 characters; it is kept with the event.")
    var reason: String

    @Option(help: "Who decides so; else the name by which you are logged in.")
    var by: String?

    func validate() throws {
        guard (1...1_000).contains(reason.count) else {
            throw ValidationError("--reason has 1 to 1000 characters.")
        }
    }

    func run() async throws {
        let name = by ?? ProcessInfo.processInfo.environment["USER"] ?? "a terminal"
        try await Module.withLog { log in
            try await log.skip(event, for: consumer, by: name, because: reason)
            print("The event is given up.")
        }
    }
}

private func parseEventID(_ text: String) throws -> Event.ID {
    guard let id = Event.ID(text) else { throw ValidationError("\(text) is no event's id.") }
    return id
}
