import Foundation
import Migrations
import SchemaAnalysis

/// The catalogue of domain events, out of their Swift sources: what each carries, who sends it and who listens.
///
/// It reads text and no syntax tree, and trusts the form in which the events are written. A module sends an event that it
/// makes (`LevelReached(`), and listens to one that it names as a type (`LevelReached.self`) where it has a consumer.
public struct EventCatalogue: Sendable {
    static let eventsFolder = "Packages/SharedTypes/Sources/SharedTypes/Events"
    public static let path = "Packages/EventLog/EVENTS.md"

    struct Field {
        let name: String
        let type: String
        let comment: String
    }

    struct EventType {
        let name: String
        let comment: String
        let type: String
        let version: String
        let key: String
        let occurredAt: String
        let fields: [Field]
        /// Modules that make it.
        var senders: Set<String> = []
        /// Consumers, by name.
        var listeners: Set<String> = []
        /// Modules that have one of these.
        var readers: Set<String> = []
    }

    private(set) var events: [EventType] = []
    /// What is wrong with the sources, in words.
    public private(set) var faults: [String] = []

    /// Reads a repository; nil where it has no events.
    public init?(repository: String) throws {
        let root = URL(filePath: repository)
        guard let sources = try? Self.sources(in: root.appending(path: Self.eventsFolder)) else { return nil }
        for source in sources { read(source) }
        events.sort { $0.type < $1.type }
        for type in Set(events.map(\.type)) where events.filter({ $0.type == type }).count > 1 {
            faults.append("Two events are of the type \(type).")
        }
        for module in try Self.names(in: root.appending(path: "Packages"))
        where !["SharedTypes", "EventLog"].contains(module) {
            let folder = root.appending(path: "Packages/\(module)/Sources/\(module)")
            for source in (try? Self.sources(in: folder)) ?? [] { readUse(of: source, by: module) }
        }
        for event in events where event.senders.isEmpty {
            faults.append("Nobody sends \(event.name): remove it, or append it.")
        }
    }

    /// Which events each role appends and reads: what the grants say of the log.
    public var rights: EventRights {
        func types(_ modules: KeyPath<EventType, Set<String>>) -> [String: [String]] {
            events.reduce(into: [:]) { types, event in
                for module in event[keyPath: modules] {
                    types[module.lowercased(), default: []].append(event.type)
                }
            }
        }
        return EventRights(appended: types(\.senders), read: types(\.readers))
    }

    // MARK: - Reading

    private mutating func read(_ source: String) {
        let declaration = #/((?:^///[^\n]*\n)+)public struct (\w+): DomainEvent \{\n(.*?)^\}/#
            .anchorsMatchLineEndings().dotMatchesNewlines()
        for match in source.matches(of: declaration) {
            let (name, body) = (String(match.2), String(match.3))
            func value(_ pattern: String) -> String {
                guard let regex = try? Regex(pattern), let match = body.firstMatch(of: regex) else {
                    faults.append("\(name) has nothing like \(pattern) in the form that the catalogue reads.")
                    return ""
                }
                return match.output[1].substring.map(String.init) ?? ""
            }
            let fields = body.matches(of: #/((?: {4}///[^\n]*\n)*) {4}public let (\w+): ([^\n]+)\n/#).map {
                Field(
                    name: Self.snakeCase(String($0.2)), type: String($0.3),
                    comment: Self.sentence(String($0.1)))
            }
            let happened =
                body.contains("public let occurredAt:")
                ? "occurredAt" : value(#"var occurredAt: Date \{ (.+) \}"#)
            events.append(
                EventType(
                    name: name, comment: Self.sentence(String(match.1)),
                    type: value(#"static let type = "([^"]+)""#),
                    version: value(#"static let version = (\d+)"#),
                    key: value(#"var key: String \{ (.+) \}"#), occurredAt: happened, fields: fields))
        }
    }

    private mutating func readUse(of source: String, by module: String) {
        let code = source.replacing(#/(^|\s)//.*/#.anchorsMatchLineEndings(), with: "")
        let consumer = code.firstMatch(of: #/"([a-z]+\.[a-z_.]+)"/#).map { String($0.1) } ?? module
        for index in events.indices {
            let name = events[index].name
            if Self.mentions(code, "\(name)(") { events[index].senders.insert(module) }
            if code.contains("EventConsumer"), Self.mentions(code, "\(name).self") {
                events[index].listeners.insert(consumer)
                events[index].readers.insert(module)
            }
        }
    }

    /// Whether the word stands there, and is not the end of a longer one.
    private static func mentions(_ code: String, _ word: String) -> Bool {
        code.ranges(of: word).contains { range in
            guard range.lowerBound > code.startIndex else { return true }
            let before = code[code.index(before: range.lowerBound)]
            return !before.isLetter && !before.isNumber && before != "_"
        }
    }

    private static func sources(in folder: URL) throws -> [String] {
        try names(in: folder).flatMap { name -> [String] in
            let file = folder.appending(path: name)
            if name.hasSuffix(".swift") { return [try SourceText.read(file.path)] }
            return name == "Generated" || name.contains(".") ? [] : try sources(in: file)
        }
    }

    private static func names(in folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !$0.hasPrefix(".") }
            .sorted()
    }

    private static func sentence(_ comment: String) -> String {
        comment.split(separator: "\n").map {
            $0.drop { $0 == " " || $0 == "/" }
        }.joined(separator: " ")
    }

    /// As the payload has it: `transactionID` is `transaction_id`.
    static func snakeCase(_ name: String) -> String {
        name.replacing(#/([a-z0-9])([A-Z])/#) { "\($0.1)_\($0.2)" }.lowercased()
    }

    // MARK: - Writing

    /// The document, in Markdown.
    public var text: String {
        let rows = events.map { event in
            "| [`\(event.type)`](#\(event.type.replacing(".", with: ""))) | \(event.version) | "
                + "\(event.senders.sorted().joined(separator: ", ")) | "
                + "\(event.listeners.sorted().map { "`\($0)`" }.joined(separator: ", ")) |"
        }
        return """
            # Events

            What contexts tell one another. Written by `schema generate` from the sources of `SharedTypes/Events` and of the
            modules; do not edit. A module sends an event that it makes, and a consumer listens to one that it names.

            | type | version | sent by | heard by |
            |---|---|---|---|
            \(rows.joined(separator: "\n"))

            Every event has an id, its owner (the user whom it concerns), its type and version, the natural key by which its
            owner has it once, when it happened and when it was written down, and the id of the request that it came of.

            \(events.map(section).joined(separator: "\n\n"))

            """
    }

    private func section(_ event: EventType) -> String {
        let rows = event.fields.map { "| `\($0.name)` | `\($0.type)` | \($0.comment) |" }
        return """
            ## \(event.type)

            \(event.comment) In Swift `\(event.name)`; natural key `\(event.key)`; it happened at `\(event.occurredAt)`.

            | field | type | |
            |---|---|---|
            \(rows.joined(separator: "\n"))
            """
    }
}
