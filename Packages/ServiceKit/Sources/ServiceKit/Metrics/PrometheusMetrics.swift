import CoreMetrics
import Synchronization

/// A backend of swift-metrics that shows its metrics in Prometheus' text format.
///
/// `MetricsSystem.bootstrap` is called once, and by the executable only.
public final class PrometheusMetrics: MetricsFactory {
    private struct Samples {
        var counters: [MetricKey: CounterSample] = [:]
        var gauges: [MetricKey: GaugeSample] = [:]
        var histograms: [MetricKey: HistogramSample] = [:]
    }

    // The lock is held for one look-up or one copy, never across a suspension.
    private let samples = Mutex(Samples())

    /// A backend without metrics yet.
    public init() {}

    /// Finds the counter of this name, or makes it.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        let key = MetricKey(label, dimensions)
        return samples.withLock { $0.counters.value(for: key) { CounterSample() } }
    }

    /// Finds the gauge of this name, or makes it.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        let key = MetricKey(label, dimensions)
        return samples.withLock { $0.gauges.value(for: key) { GaugeSample() } }
    }

    /// Finds the distribution of this name, or the gauge where it does not aggregate, or makes it.
    public func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        let key = MetricKey(label, dimensions)
        return samples.withLock { samples -> any RecorderHandler in
            if aggregate {
                samples.histograms.value(for: key) { HistogramSample(HistogramSample.decades) }
            } else {
                samples.gauges.value(for: key) { GaugeSample() }
            }
        }
    }

    /// Finds the distribution of seconds of this name, or makes it.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        let key = MetricKey(label + "_seconds", dimensions)
        return samples.withLock { $0.histograms.value(for: key) { HistogramSample(HistogramSample.seconds) } }
    }

    /// Forgets the counter.
    public func destroyCounter(_ handler: any CounterHandler) {
        samples.withLock { samples in samples.counters = samples.counters.filter { $0.value !== handler } }
    }

    /// Forgets the gauge.
    public func destroyMeter(_ handler: any MeterHandler) {
        samples.withLock { samples in samples.gauges = samples.gauges.filter { $0.value !== handler } }
    }

    /// Forgets the distribution or the gauge.
    public func destroyRecorder(_ handler: any RecorderHandler) {
        samples.withLock { samples in
            samples.gauges = samples.gauges.filter { $0.value !== handler }
            samples.histograms = samples.histograms.filter { $0.value !== handler }
        }
    }

    /// Forgets the distribution.
    public func destroyTimer(_ handler: any TimerHandler) {
        samples.withLock { samples in samples.histograms = samples.histograms.filter { $0.value !== handler }
        }
    }

    /// All metrics in Prometheus' text format, version 0.0.4, sorted by name.
    public var text: String {
        let samples = samples.withLock { $0 }
        var lines: [String] = []
        lines.append(metrics: samples.counters, type: "counter", suffix: "_total") { name, key, sample in
            ["\(name)\(key.labels) \(sample.total)"]
        }
        lines.append(metrics: samples.gauges, type: "gauge", suffix: "") { name, key, sample in
            ["\(name)\(key.labels) \(sample.current)"]
        }
        lines.append(metrics: samples.histograms, type: "histogram", suffix: "", Self.lines)
        return lines.joined(separator: "\n") + "\n"
    }

    private static func lines(_ name: String, _ key: MetricKey, _ sample: HistogramSample) -> [String] {
        let state = sample.snapshot
        let prefix = key.labels.isEmpty ? "{" : key.labels.dropLast() + ","
        var lines: [String] = []
        var running: Int64 = 0
        for (bound, count) in zip(sample.bounds, state.counts) {
            running += count
            lines.append("\(name)_bucket\(prefix)le=\"\(bound)\"} \(running)")
        }
        lines.append("\(name)_bucket\(prefix)le=\"+Inf\"} \(state.count)")
        lines.append("\(name)_sum\(key.labels) \(state.sum)")
        lines.append("\(name)_count\(key.labels) \(state.count)")
        return lines
    }
}

extension Dictionary where Key == MetricKey {
    fileprivate mutating func value(for key: MetricKey, make: () -> Value) -> Value {
        if let value = self[key] { return value }
        let value = make()
        self[key] = value
        return value
    }
}

extension [String] {
    fileprivate mutating func append<Sample>(
        metrics: [MetricKey: Sample], type: String, suffix: String,
        _ lines: (String, MetricKey, Sample) -> [String]
    ) {
        var last: String?
        for (key, sample) in metrics.sorted(by: { $0.key < $1.key }) {
            let name = key.name + suffix
            if key.name != last { append("# TYPE \(name) \(type)") }
            last = key.name
            append(contentsOf: lines(name, key, sample))
        }
    }
}
