import ExactTypes
import Foundation
import GroveTesting
import Logging
import SharedTypes
import StrictJSON
import Testing

@testable import ServiceKit

/// The chassis over a real socket.
@Suite struct ServiceApplicationTests {
    private let keys = TestKeys()

    private func serve(
        _ change: (inout ServiceConfiguration) -> Void = { _ in },
        _ body: @escaping @Sendable (_ base: String, _ port: Int) async throws -> Void
    ) async throws {
        var configuration = ServiceConfiguration.forTests
        change(&configuration)
        let application = ServiceApplication(
            name: "probe-service", configuration: configuration, modules: [ProbeModule()], databases: [],
            verifier: keys.verifier(), metrics: PrometheusMetrics(), now: { TestKeys.now },
            logger: Logger(label: "test"))
        try await application.serve { port in try await body("http://127.0.0.1:\(port)", port) }
    }

    private func send(
        _ method: String, _ url: String, headers: [String: String] = [:], body: String? = nil
    ) async throws -> TestClient.Answer {
        try await TestClient.shared.send(method, url, headers: headers, body: body)
    }

    @Test func problemsHaveTheFormOfRFC9457() async throws {
        try await serve { base, _ in
            let answer = try await send("GET", base + "/v1/nowhere?x=1", headers: ["X-Request-Id": "abc-1"])
            #expect(answer.status == 404)
            #expect(answer.headers["content-type"] == "application/problem+json")
            #expect(answer.headers["x-request-id"] == "abc-1")
            #expect(
                answer.json
                    == .object([
                        "type": .string("urn:grove:problem:not-found"), "title": .string("Not found"),
                        "status": .number(404), "detail": .string("There is no such route."),
                        "instance": .string("/v1/nowhere"), "request_id": .string("abc-1"),
                    ]))
        }
    }

    @Test func anIDThatIsNotSaneIsReplaced() async throws {
        try await serve { base, _ in
            for id in [
                "a b", String(repeating: "x", count: 101), String(repeating: "x", count: 128), "<script>",
                "é",
            ] {
                let answer = try await send("GET", base + "/healthz", headers: ["X-Request-Id": id])
                let given = try #require(answer.headers["x-request-id"])
                #expect(UUID(uuidString: given) != nil)
            }
        }
    }

    @Test func anUnforeseenErrorSaysNothing() async throws {
        try await serve { base, _ in
            let answer = try await send("GET", base + "/v1/unforeseen")
            #expect(answer.status == 500)
            #expect(answer.json["type"] == .string("urn:grove:problem:internal-error"))
            #expect(!answer.text.contains("secret"))
            let mapped = try await send("GET", base + "/v1/mapped")
            #expect(mapped.status == 409)
            #expect(mapped.json["detail"] == .string("The name is taken."))
        }
    }

    @Test func otherMethodsAreRefusedWith405() async throws {
        try await serve { base, _ in
            for method in ["DELETE", "PUT", "PATCH", "OPTIONS", "TRACE"] {
                let answer = try await send(method, base + "/v1/things")
                #expect(answer.status == 405)
                #expect(answer.headers["allow"] == "GET, HEAD, POST")
            }
            #expect(try await send("HEAD", base + "/v1/things").status == 200)
            #expect(try await send("POST", base + "/healthz").status == 405)
        }
    }

    @Test(
        arguments: [
            (#"{"name":"a"}"#, 201, nil), (#"{"name":"a""#, 400, "body"), ("", 400, "body"),
            ("[]", 400, "body"),
            (#"{"name":"\u0000"}"#, 422, "name"), ("{\"name\":\"\u{0}\"}", 400, "body"),
            (#"{"name":1}"#, 422, "name"),
            (#"{"name":"\ud83d"}"#, 400, "body"), (#"{"name":"a","nmae":"b"}"#, 422, "nmae"),
            (#"{}"#, 422, "name"),
            (#"{"name":null}"#, 422, "name"), (#"{"name":"a","name":"b"}"#, 400, "body"),
            (#"{"name":"\#(String(repeating: "é", count: 81))"}"#, 422, "name"),
        ] as [(String, Int, String?)])
    func bodiesAreReadStrictly(body: String, status: Int, field: String?) async throws {
        try await serve { base, _ in
            let answer = try await send("POST", base + "/v1/things", body: body)
            #expect(answer.status == status)
            #expect(answer.json["field"] == (field.map(JSONValue.string) ?? .null))
        }
    }

    @Test func bodiesHaveATypeAndALimit() async throws {
        try await serve { base, port in
            let text = try await send(
                "POST", base + "/v1/things", headers: ["Content-Type": "text/plain"], body: "{}")
            #expect(text.status == 415)
            #expect(text.json["field"] == .string("Content-Type"))
            let typed = try await send(
                "POST", base + "/v1/things", headers: ["Content-Type": "Application/JSON; charset=utf-8"],
                body: #"{"name":"a"}"#)
            #expect(typed.status == 201)
            let large = try await send(
                "POST", base + "/v1/things", body: String(repeating: "x", count: 50_000_000))
            #expect(large.status == 413)
            #expect(large.json["field"] == .string("body"))
            // Without a Content-Length the limit is found while reading.
            let chunked = try await onThread {
                let connection = try RawConnection(port: port)
                try connection.send(
                    "POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                )
                let chunk = String(repeating: "x", count: 65_536)
                for _ in 0..<20 { try connection.send("10000\r\n\(chunk)\r\n") }
                try connection.send("0\r\n\r\n")
                return try connection.answer().status
            }
            #expect(chunked == 413)
        }
    }

    @Test func aMalformedRequestGets400() async throws {
        try await serve { base, port in
            let status = try await onThread {
                let connection = try RawConnection(port: port)
                try connection.send("GARBAGE\r\n\r\n")
                return try connection.answer().status
            }
            #expect(status == 400)
            #expect(try await send("GET", base + "/healthz").status == 200)
        }
    }

    @Test func tokensAreRequiredWhereAUserIsNeeded() async throws {
        let user = User.ID(UUID())
        let token = try await keys.token(keys.claims(user: user))
        let operatorToken = try await keys.token(keys.claims(isOperator: true))
        try await serve { base, _ in
            let path = base + "/v1/things/\(UUID())"
            let none = try await send("GET", path)
            #expect(none.status == 401)
            #expect(none.headers["www-authenticate"] == "Bearer realm=\"grove\"")
            let bad = try await send("GET", path, headers: ["Authorization": "Bearer x.y.z"])
            #expect(bad.status == 401)
            #expect(bad.headers["www-authenticate"]?.contains("invalid_token") == true)
            #expect(try await send("GET", path, headers: ["Authorization": "Basic abc"]).status == 401)
            let good = try await send("GET", path, headers: ["Authorization": "Bearer \(token)"])
            #expect(good.status == 200)
            #expect(good.json["user"] == .string(user.description))
            #expect(good.headers["cache-control"] == "no-store")
            let notAnID = try await send(
                "GET", base + "/v1/things/7", headers: ["Authorization": "Bearer \(token)"])
            #expect(notAnID.status == 404)
            #expect(notAnID.json["detail"] == .string("There is no such thing."))
            let operators = base + "/v1/operators"
            #expect(try await send("GET", operators).status == 401)
            #expect(
                try await send("GET", operators, headers: ["Authorization": "Bearer \(token)"]).status == 403)
            let ok = try await send("GET", operators, headers: ["Authorization": "Bearer \(operatorToken)"])
            #expect(ok.status == 204)
        }
    }

    @Test func requestsAreLimitedPerUserAndAddress() async throws {
        let first = try await keys.token(keys.claims())
        let second = try await keys.token(keys.claims())
        try await serve({
            $0.limits.requestsPerSecond = 1; $0.limits.requestBurst = 3
        }) { base, _ in
            func status(_ headers: [String: String]) async throws -> Int {
                try await send("GET", base + "/v1/things", headers: headers).status
            }
            for _ in 0..<3 { #expect(try await status(["Authorization": "Bearer \(first)"]) == 200) }
            let refused = try await send(
                "GET", base + "/v1/things", headers: ["Authorization": "Bearer \(first)"])
            #expect(refused.status == 429)
            #expect(refused.headers["retry-after"] == "1")
            #expect(try await status(["Authorization": "Bearer \(second)"]) == 200)
            // A token that is not accepted is none: the address is counted, and a stranger's header does not change
            // that.
            for _ in 0..<3 { #expect(try await status(["Authorization": "Bearer x"]) == 200) }
            #expect(try await status(["Authorization": "Bearer x", "X-Forwarded-For": "10.0.0.1"]) == 429)
            for _ in 0..<10 { #expect(try await send("GET", base + "/healthz").status == 200) }
        }
    }

    @Test func aTrustedProxyNamesTheAddress() async throws {
        try await serve({
            $0.limits.requestsPerSecond = 1; $0.limits.requestBurst = 1; $0.limits.trustedProxies = 1
        }) { base, _ in
            func status(_ forwarded: String) async throws -> Int {
                try await send("GET", base + "/v1/things", headers: ["X-Forwarded-For": forwarded]).status
            }
            let first = try await status("10.0.0.1")
            #expect(first == 200)
            #expect(try await status("10.0.0.1") == 429)
            #expect(try await status("10.0.0.2") == 200)
            // Only what the trusted proxy appended counts; what the client wrote before it does not.
            #expect(try await status("10.9.9.9, 10.0.0.2") == 429)
        }
    }

    @Test func aNetworkOfIPv6IsOneAddress() async throws {
        try await serve({
            $0.limits.requestsPerSecond = 1; $0.limits.requestBurst = 60; $0.limits.trustedProxies = 1
        }) { base, _ in
            func status(_ forwarded: String) async throws -> Int {
                try await send("GET", base + "/v1/things", headers: ["X-Forwarded-For": forwarded]).status
            }
            for number in 1...60 {
                let answer = try await status("2001:db8::\(number)")
                #expect(answer == 200)
            }
            #expect(try await status("2001:db8::ffff") == 429)
            #expect(try await status("2001:db8:0:1::1") == 200)
        }
    }

    @Test func aHopThatIsNoAddressCountsAsTheProxy() async throws {
        try await serve({
            $0.limits.requestsPerSecond = 1; $0.limits.requestBurst = 2; $0.limits.trustedProxies = 1
        }) { base, _ in
            func status(_ forwarded: String) async throws -> Int {
                try await send("GET", base + "/v1/things", headers: ["X-Forwarded-For": forwarded]).status
            }
            let first = try await status("garbage")
            #expect(first == 200)
            #expect(try await status("other garbage") == 200)
            #expect(try await status("127.0.0.1") == 429)
            #expect(try await status("::ffff:127.0.0.1") == 429)
        }
    }

    @Test func workThatTakesTooLongIsCancelled() async throws {
        try await serve({ $0.limits.requestSeconds = 1 }) { base, _ in
            async let patient = send("GET", base + "/v1/patient")
            let answer = try await send("GET", base + "/v1/endless")
            #expect(answer.status == 503)
            #expect(answer.json["type"] == .string("urn:grove:problem:timeout"))
            #expect(try await patient.status == 204)
        }
    }

    @Test func originsAreAdmittedByConfiguration() async throws {
        try await serve({ $0.corsOrigins = ["https://app.example"] }) { base, _ in
            let preflight = try await send(
                "OPTIONS", base + "/v1/things",
                headers: ["Origin": "https://app.example", "Access-Control-Request-Method": "POST"])
            #expect(preflight.status == 204)
            #expect(preflight.headers["access-control-allow-origin"] == "https://app.example")
            #expect(preflight.headers["access-control-allow-headers"]?.contains("Idempotency-Key") == true)
            let problem = try await send(
                "GET", base + "/v1/nowhere", headers: ["Origin": "https://app.example"])
            #expect(problem.status == 404)
            #expect(problem.headers["access-control-allow-origin"] == "https://app.example")
            #expect(problem.headers["access-control-expose-headers"]?.contains("ETag") == true)
            let stranger = try await send(
                "GET", base + "/v1/things", headers: ["Origin": "https://evil.example"])
            #expect(stranger.headers["access-control-allow-origin"] == nil)
            #expect(stranger.headers["vary"] == "Origin")
        }
    }

    @Test func answersCarrySecurityHeadersAndETags() async throws {
        try await serve { base, _ in
            let answer = try await send("GET", base + "/v1/things?limit=7")
            #expect(answer.text == #"{"limit":7}"#)
            #expect(answer.headers["etag"] == "\"3\"")
            #expect(answer.headers["x-content-type-options"] == "nosniff")
            #expect(answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'")
            let bad = try await send("GET", base + "/v1/things?limit=0")
            #expect(bad.status == 422)
            #expect(bad.json["field"] == .string("limit"))
        }
    }

    @Test func servesHealthAndReadiness() async throws {
        try await serve { base, _ in
            #expect(try await send("GET", base + "/healthz").json["status"] == .string("ok"))
            while try await send("GET", base + "/readyz").status != 200 {
                try await Task.sleep(for: .milliseconds(5))
            }
            let document = try await send("GET", base + "/openapi.json").json
            #expect(document["paths"]["/v1/things"]["get"]["operationId"] == .string("listThings"))
            #expect(document["info"]["title"] == .string("probe-service"))
            #expect(
                try await send("GET", base + "/metrics").headers["content-type"]?.hasPrefix("text/plain")
                    == true)
        }
    }

    @Test func isNotReadyWithoutKeys() async throws {
        let application = ServiceApplication(
            name: "probe-service", configuration: .forTests, modules: [ProbeModule()], databases: [],
            verifier: keys.verifier(source: .inProcess { throw KeyFetchError(reason: "down") }),
            logger: Logger(label: "test"))
        try await application.serve { port in
            let answer = try await send("GET", "http://127.0.0.1:\(port)/readyz")
            #expect(answer.status == 503)
            #expect(answer.json["detail"] == .string("Not ready: the keys of access tokens are not known."))
            #expect(answer.headers["retry-after"] == "1")
        }
    }

    @Test func theHealthCheckKnowsWhetherTheServiceIsUp() async throws {
        let port = Port()
        try await serve { _, bound in
            await port.set(bound)
            #expect(await HealthCheck.run(port: bound) == 0)
        }
        #expect(await HealthCheck.run(port: await port.number) == 1)
    }
}

private actor Port {
    private(set) var number = 0
    func set(_ port: Int) { number = port }
}
