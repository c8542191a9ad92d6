import ContractKit
import ExactTypes
import Foundation
import Hummingbird
import NIOCore
import StrictJSON
import Synchronization

/// One JSON object of a request, or its query, read strictly: a fault throws 422 naming the field's path, and
/// ``finish()`` refuses what nobody has read.
public struct Fields: Sendable {
    /// Where the object lies: "" at the top, else `activities[18]`.
    public let path: String
    /// SHA-256 of the bytes that the top object was read from; empty for others.
    let fingerprint: [UInt8]
    let values: [String: JSONValue]
    /// Whether every value is a text that numbers and booleans are parsed from, as in a query.
    let holdsTexts: Bool
    let readings: FieldReadings

    init(_ values: [String: JSONValue], path: String, holdsTexts: Bool = false, fingerprint: [UInt8] = []) {
        self.values = values
        self.path = path
        self.holdsTexts = holdsTexts
        self.fingerprint = fingerprint
        readings = FieldReadings()
    }

    /// The names of the fields that are there, sorted.
    public var names: [String] { values.keys.sorted() }

    /// Whether the field is there and not null.
    public func has(_ name: String) -> Bool {
        readings.note(name)
        return values[name].map { $0 != .null } ?? false
    }

    /// Whether the field is there and null, which in a change means: remove it.
    public func isNull(_ name: String) -> Bool {
        readings.note(name)
        return values[name] == .null
    }

    /// Refuses fields that nobody has read, in this object and in those read from it, with 422 naming the
    /// first.
    public func finish() throws(Problem) {
        let (names, children) = readings.noted
        if let unknown = values.keys.filter({ !names.contains($0) }).min() {
            throw invalid(unknown, "is not a known field")
        }
        for child in children { try child.finish() }
    }

    /// 422 naming the field within this object. The reason goes on after the name: "is already used".
    public func invalid(_ name: String, _ reason: String) -> Problem {
        .invalid(path.isEmpty ? name : "\(path).\(name)", reason)
    }

    /// Reads a required field: `read` gives nil where the value is not what is expected.
    func required<Value>(
        _ name: String, _ expected: String, _ read: (JSONValue) throws(ParseError) -> Value?
    ) throws(Problem) -> Value {
        readings.note(name)
        guard let value = values[name] else { throw invalid(name, "is required") }
        do throws(ParseError) {
            guard let result = try read(value) else {
                throw ParseError(reason: "must be \(expected), and is \(value.kind)")
            }
            return result
        } catch {
            throw invalid(name, error.reason)
        }
    }
}

/// Which fields of an object were read. It is shared by the copies of one Fields.
final class FieldReadings: Sendable {
    // The lock is held for one insertion or one copy, never across a suspension.
    private let state = Mutex<(names: Set<String>, children: [Fields])>(([], []))

    var noted: (names: Set<String>, children: [Fields]) { state.withLock { $0 } }

    func note(_ name: String) { state.withLock { _ = $0.names.insert(name) } }

    func note(child: Fields) { state.withLock { $0.children.append(child) } }
}
