import CoreMetrics
import Testing

@testable import ServiceKit

@Suite struct PrometheusMetricsTests {
    @Test func rendersEachKind() {
        let metrics = PrometheusMetrics()
        metrics.makeCounter(label: "http.requests", dimensions: [("route", "/v1/\"a\\b\n")]).increment(by: 3)
        metrics.makeCounter(label: "http.requests", dimensions: [("route", "/v1/\"a\\b\n")]).increment(by: 1)
        metrics.makeMeter(label: "connections", dimensions: []).set(Int64(7))
        metrics.makeRecorder(label: "last", dimensions: [], aggregate: false).record(2.5)
        metrics.makeTimer(label: "took", dimensions: [("a", "b")]).recordNanoseconds(3_000_000)
        metrics.makeTimer(label: "took", dimensions: [("a", "b")]).recordNanoseconds(60_000_000_000)
        let lines = metrics.text.split(separator: "\n").map(String.init)
        #expect(lines.contains(#"http_requests_total{route="/v1/\"a\\b\n"} 4"#))
        #expect(lines.filter { $0 == "# TYPE http_requests_total counter" }.count == 1)
        #expect(lines.contains("connections 7.0"))
        #expect(lines.contains("last 2.5"))
        #expect(lines.contains(#"took_seconds_bucket{a="b",le="0.0025"} 0"#))
        #expect(lines.contains(#"took_seconds_bucket{a="b",le="0.005"} 1"#))
        #expect(lines.contains(#"took_seconds_bucket{a="b",le="10.0"} 1"#))
        #expect(lines.contains(#"took_seconds_bucket{a="b",le="+Inf"} 2"#))
        #expect(lines.contains(#"took_seconds_count{a="b"} 2"#))
        #expect(lines.contains(#"took_seconds_sum{a="b"} 60.003"#))
    }

    @Test func forgetsWhatIsDestroyed() {
        let metrics = PrometheusMetrics()
        let counter = metrics.makeCounter(label: "a", dimensions: [])
        metrics.destroyCounter(counter)
        #expect(metrics.text == "\n")
    }
}
