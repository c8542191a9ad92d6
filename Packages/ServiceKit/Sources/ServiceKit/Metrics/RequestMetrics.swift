import HTTPTypes
import Metrics
import Synchronization

/// Counts requests by method, route and status, and how long they took by route. Each counter is looked up by its name
/// and labels once: that costs more than to count.
final class RequestMetrics: Sendable {
    private struct Key: Hashable {
        let method: HTTPRequest.Method
        let route: String
        let status: Int
    }

    private let kinds = Mutex<[Key: (requests: Counter, duration: Metrics.Timer)]>([:])

    func count(_ method: HTTPRequest.Method, _ route: String, _ status: Int, _ duration: Duration) {
        let key = Key(method: method, route: route, status: status)
        let kind = kinds.withLock { kinds in
            if let known = kinds[key] { return known }
            let made = (
                Counter(
                    label: "http_requests",
                    dimensions: [
                        ("method", method.rawValue), ("route", route), ("status", String(status)),
                    ]),
                Metrics.Timer(label: "http_request_duration", dimensions: [("route", route)])
            )
            kinds[key] = made
            return made
        }
        kind.requests.increment()
        kind.duration.recordNanoseconds(duration.nanoseconds)
    }
}
