import Foundation
import GroveTesting
import Logging
import Testing

@testable import ServiceKit

@Suite struct ManagementPortTests {
    private func serve(
        _ change: (inout ServiceConfiguration) -> Void,
        _ body: @escaping @Sendable (_ base: String) async throws -> Void
    ) async throws {
        var configuration = ServiceConfiguration.forTests
        change(&configuration)
        let application = ServiceApplication(
            name: "probe", configuration: configuration, modules: [ProbeModule()], databases: [],
            verifier: TestKeys().verifier(), metrics: PrometheusMetrics(), logger: Logger(label: "test"))
        try await application.serve { port in try await body("http://127.0.0.1:\(port)") }
    }

    private func status(_ url: String, _ headers: [String: String] = [:]) async throws -> Int {
        try await TestClient.shared.send("GET", url, headers: headers).status
    }

    @Test func probesAndMetricsAreServedThereAlone() async throws {
        let port = try freePort()
        try await serve({ $0.managementPort = port }) { base in
            let management = "http://127.0.0.1:\(port)"
            while (try? await status(management + "/readyz")) != 200 {
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(try await status(management + "/metrics") == 200)
            #expect(try await status(management + "/healthz") == 200)
            #expect(await HealthCheck.run(port: port) == 0)
            for path in ["/v1/things", "/openapi.json"] {
                #expect(try await status(management + path) == 404)
            }
            #expect(try await status(base + "/healthz") == 200)
            #expect(try await status(base + "/openapi.json") == 200)
            for path in ["/readyz", "/metrics"] { #expect(try await status(base + path) == 404) }
        }
    }

    @Test(arguments: ["/metrics", "/readyz", "/openapi.json"])
    func onThePublicPortTheyCountAgainstTheAddress(_ path: String) async throws {
        try await serve({
            $0.limits.trustedProxies = 1; $0.limits.requestBurst = 3; $0.limits.requestsPerSecond = 1
        }) { base in
            let client = ["X-Forwarded-For": "203.0.113.9"]
            var statuses: Set<Int> = []
            for _ in 0..<40 { statuses.insert(try await status(base + path, client)) }
            #expect(statuses.contains(429))
            // A probe on the machine itself is never taken for dead.
            for _ in 0..<40 { #expect(try await status(base + path) != 429) }
        }
    }

    @Test func theDocumentIsNotSentTwice() async throws {
        try await serve({ _ in }) { base in
            let first = try await TestClient.shared.send("GET", base + "/openapi.json")
            let tag = try #require(first.headers["etag"])
            let again = try await TestClient.shared.send(
                "GET", base + "/openapi.json", headers: ["If-None-Match": tag])
            #expect(again.status == 304)
            #expect(again.text == "")
        }
    }

    @Test func theMetricsAreWrittenOnceASecond() {
        let metrics = PrometheusMetrics()
        let page = MetricsPage(metrics)
        let start = ContinuousClock.now
        let first = page.bytes(at: start)
        _ = metrics.makeCounter(label: "new", dimensions: [])
        #expect(page.bytes(at: start + .milliseconds(999)) == first)
        #expect(page.bytes(at: start + .seconds(1)) != first)
    }
}
