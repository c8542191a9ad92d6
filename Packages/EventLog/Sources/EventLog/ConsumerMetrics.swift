import Metrics

/// What a consumer tells of itself: `events_handled` and `events_failed`, counted, and `events_behind`, 1 while it
/// has something to do.
struct ConsumerMetrics: Sendable {
    private let handled: Counter
    private let failed: Counter
    private let behind: Gauge

    init(consumer: String) {
        handled = Counter(label: "events_handled", dimensions: [("consumer", consumer)])
        failed = Counter(label: "events_failed", dimensions: [("consumer", consumer)])
        behind = Gauge(label: "events_behind", dimensions: [("consumer", consumer)])
    }

    func count(handled: Int, failed: Int) {
        self.handled.increment(by: handled)
        self.failed.increment(by: failed)
        behind.record(1)
    }

    func isUpToDate() { behind.record(0) }
}
