import CoreMetrics
import Synchronization

/// What a metric is called: its name in Prometheus' letters, and its labels.
struct MetricKey: Hashable, Comparable {
    let name: String
    /// `{method="GET",status="200"}`, or empty.
    let labels: String

    init(_ label: String, _ dimensions: [(String, String)]) {
        name = Self.allowed(label)
        let pairs = dimensions.map { "\(Self.allowed($0.0))=\"\(Self.escaped($0.1))\"" }
        labels = pairs.isEmpty ? "" : "{" + pairs.joined(separator: ",") + "}"
    }

    static func < (left: MetricKey, right: MetricKey) -> Bool {
        (left.name, left.labels) < (right.name, right.labels)
    }

    // Both by bytes: each request makes two keys, and characters took a twentieth of the whole of a read.
    private static func allowed(_ text: String) -> String {
        let bytes = text.utf8.compactMap { byte -> UInt8? in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                byte
            // What follows the first byte of another character.
            case 0x80..<0xC0: nil
            default: UInt8(ascii: "_")
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func escaped(_ text: String) -> String {
        guard
            text.utf8.contains(where: { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "\"") || $0 == 0x0A })
        else { return text }
        return text.reduce(into: "") { escaped, character in
            switch character {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.append(character)
            }
        }
    }
}

/// A count that only grows.
final class CounterSample: CounterHandler {
    private let value = Atomic<Int64>(0)

    func increment(by amount: Int64) { value.wrappingAdd(amount, ordering: .relaxed) }
    func reset() { value.store(0, ordering: .relaxed) }

    var total: Int64 { value.load(ordering: .relaxed) }
}

/// A value that goes up and down; also what a recorder without aggregation was given last.
final class GaugeSample: MeterHandler, RecorderHandler {
    // The lock is held for one addition, never across a suspension.
    private let value = Mutex(0.0)

    func set(_ newValue: Int64) { set(Double(newValue)) }
    func set(_ newValue: Double) { value.withLock { $0 = newValue } }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { value.withLock { $0 -= amount } }
    func record(_ newValue: Int64) { set(Double(newValue)) }
    func record(_ newValue: Double) { set(newValue) }

    var current: Double { value.withLock { $0 } }
}

/// A distribution in fixed buckets.
final class HistogramSample: TimerHandler, RecorderHandler {
    struct State {
        var counts: [Int64]
        var sum = 0.0
        var count: Int64 = 0
    }

    /// Seconds, from half a millisecond to ten seconds.
    static let seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
    /// Sizes and counts, in decades.
    static let decades = [1.0, 10, 100, 1_000, 10_000, 100_000, 1_000_000]

    let bounds: [Double]
    // The lock is held for one observation, never across a suspension.
    private let state: Mutex<State>

    init(_ bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(State(counts: Array(repeating: 0, count: bounds.count)))
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1_000_000_000) }
    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        let bucket = bounds.firstIndex { value <= $0 }
        state.withLock { state in
            if let bucket { state.counts[bucket] += 1 }
            state.sum += value
            state.count += 1
        }
    }

    var snapshot: State { state.withLock { $0 } }
}
