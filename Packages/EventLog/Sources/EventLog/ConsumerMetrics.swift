import Metrics

/// What a consumer tells of itself, by `consumer`. Counted by each process: `events_handled`, `events_failed`. Measured,
/// and the same whoever measures: `events_behind` (up to 100,000), `events_lag_seconds`, for how long the first of these
/// waits, and `events_put_aside`.
struct ConsumerMetrics: Sendable {
    private let handled: Counter
    private let failed: Counter
    private let behind: Gauge
    private let lagSeconds: Gauge
    private let putAside: Gauge

    init(consumer: String, factory: any MetricsFactory) {
        let dimensions = [("consumer", consumer)]
        handled = Counter(label: "events_handled", dimensions: dimensions, factory: factory)
        failed = Counter(label: "events_failed", dimensions: dimensions, factory: factory)
        behind = Gauge(label: "events_behind", dimensions: dimensions, factory: factory)
        lagSeconds = Gauge(label: "events_lag_seconds", dimensions: dimensions, factory: factory)
        putAside = Gauge(label: "events_put_aside", dimensions: dimensions, factory: factory)
    }

    func count(handled: Int, failed: Int) {
        self.handled.increment(by: handled)
        self.failed.increment(by: failed)
    }

    func record(_ lag: FindConsumerLagRow) {
        behind.record(lag.behind)
        lagSeconds.record(lag.lagSeconds)
        putAside.record(lag.putAside)
    }
}
