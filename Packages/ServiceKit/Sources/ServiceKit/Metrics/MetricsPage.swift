import NIOCore
import Synchronization

/// The text of `/metrics`, written at most once a second however many ask, since it takes long where there are many
/// series.
final class MetricsPage: Sendable {
    private struct Page {
        let bytes: ByteBuffer
        let at: ContinuousClock.Instant
    }

    private let metrics: PrometheusMetrics?
    // Held while the text is written, so that others wait for it and do not write it too.
    private let page = Mutex<Page?>(nil)

    init(_ metrics: PrometheusMetrics?) { self.metrics = metrics }

    func bytes(at now: ContinuousClock.Instant) -> ByteBuffer {
        page.withLock { page in
            if let page, now - page.at < .seconds(1) { return page.bytes }
            let bytes = ByteBuffer(string: metrics?.text ?? "")
            page = Page(bytes: bytes, at: now)
            return bytes
        }
    }
}
