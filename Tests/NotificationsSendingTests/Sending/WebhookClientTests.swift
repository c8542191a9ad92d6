import Crypto
import Foundation
import GroveTesting
import Testing

@testable import Notifications

/// Webhooks, against a real HTTPS server.
@Suite struct WebhookClientTests {
    @Test func arrivesAndCanBeVerified() async throws {
        let server = try await WebhookServer.start()
        let secret: [UInt8] = Array(repeating: 7, count: 32)
        let body = Data(#"{"type":"level.reached"}"#.utf8)
        let signature = WebhookSignature(id: "0198_0199_webhook", sentAt: Date(), body: body)
        let outcome = await WebhookClient(settings: server.settings())
            .post(body, headers: signature.headers(secrets: [secret]), to: server.url("/hook?a=b"))
        #expect(outcome == .delivered)
        let request = try #require(server.received.first)
        #expect(request.path == "/hook?a=b")
        #expect(request.body == body)
        #expect(request.headers["content-type"] == "application/json")
        // As a receiver does it: from the raw body and the headers alone.
        let id = try #require(request.headers["webhook-id"])
        let timestamp = try #require(request.headers["webhook-timestamp"])
        let sent = try #require(request.headers["webhook-signature"])
        #expect(id == "0198_0199_webhook")
        let code = try #require(Data(base64Encoded: String(sent.dropFirst(3))))
        #expect(sent.hasPrefix("v1,"))
        #expect(
            HMAC<SHA256>.isValidAuthenticationCode(
                code, authenticating: Data("\(id).\(timestamp).".utf8) + request.body,
                using: SymmetricKey(data: secret)))
    }

    /// The vector of the libraries of standard-webhooks/standard-webhooks.
    @Test func signsAsTheSpecificationDoes() throws {
        let secret = try #require(Data(base64Encoded: "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let headers = WebhookSignature(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", sentAt: Date(timeIntervalSince1970: 1_614_265_330),
            body: Data(#"{"test": 2432232314}"#.utf8)
        ).headers(secrets: [Array(secret)])
        #expect(headers.last?.1 == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test(arguments: [
        ("/status/200", WebhookClient.Outcome.delivered), ("/status/299", .delivered), ("/status/410", .gone),
        ("/status/404", .failed("the endpoint answered 404")),
        ("/status/500", .failed("the endpoint answered 500")),
        ("/redirect", .failed("the endpoint answered 302")), ("/endless", .delivered),
    ])
    func readsTheAnswer(path: String, outcome: WebhookClient.Outcome) async throws {
        let server = try await WebhookServer.start()
        let answer = await WebhookClient(settings: server.settings())
            .post(Data("{}".utf8), headers: [], to: server.url(path))
        #expect(answer == outcome)
        // A redirect was not followed.
        #expect(server.received.map(\.path) == [path])
    }

    @Test func givesUpInTime() async throws {
        let server = try await WebhookServer.start()
        let answer = await WebhookClient(settings: server.settings(timeoutSeconds: 1))
            .post(Data("{}".utf8), headers: [], to: server.url("/slow"))
        #expect(answer == .failed("the endpoint did not answer in time"))
    }

    @Test func trustsNobodyElse() async throws {
        let server = try await WebhookServer.start()
        let machines = WebhookSettings(allowsPrivateAddresses: true)
        let stranger = await WebhookClient(settings: machines)
            .post(Data("{}".utf8), headers: [], to: server.url("/"))
        #expect(stranger != .delivered)
        let settings = server.settings()
        await server.stop()
        let away = await WebhookClient(settings: settings)
            .post(Data("{}".utf8), headers: [], to: server.url("/"))
        #expect(away != .delivered)
        #expect(server.received.isEmpty)
    }

    /// Every way to write an address behind our own wall.
    @Test(arguments: [
        "127.0.0.1", "localhost", "[::1]", "0x7f.1", "2130706433", "127.1", "[::ffff:127.0.0.1]", "0.0.0.0",
        "LOCALHOST",
    ])
    func refusesOurOwnMachine(host: String) async throws {
        let server = try await WebhookServer.start()
        let guarded = WebhookSettings(certificates: server.certificate.certificate)
        let answer = await WebhookClient(settings: guarded)
            .post(Data("{}".utf8), headers: [], to: server.url("/", host: host))
        #expect(answer == .failed("the host's address is not public"))
        #expect(server.received.isEmpty)
    }

    @Test(arguments: [
        "http://localhost/", "https://a@localhost/", "https://exam ple/", "https:///", "ftp://x/",
    ])
    func refusesWhatIsNoAddress(url: String) async throws {
        let answer = await WebhookClient(settings: WebhookSettings(allowsPrivateAddresses: true))
            .post(Data("{}".utf8), headers: [], to: url)
        #expect(answer == .failed("the address is none"))
    }

    @Test func knowsThePublicAddresses() async throws {
        let inside = [
            "10.1.2.3", "172.31.255.255", "192.168.0.1", "169.254.169.254", "100.100.0.1", "0.1.2.3",
            "224.0.0.1",
            "255.255.255.255", "198.19.0.1", "fc00::1", "fe80::1", "::", "::1", "::ffff:8.8.8.8",
            "64:ff9b::7f00:1",
            "2002:7f00:1::", "2001::1", "2001:db8::1", "ff02::1",
        ]
        for text in inside {
            #expect(try await address(of: text).isPublic == false, "\(text)")
        }
        for text in [
            "8.8.8.8", "172.32.0.1", "11.0.0.1", "100.128.0.1", "2606:4700:4700::1111", "2a00:1450::1",
        ] {
            #expect(try await address(of: text).isPublic, "\(text)")
        }
    }

    /// The one address that a text is.
    private func address(of text: String) async throws -> NetworkAddress {
        guard case .addresses(let found) = await HostLookup.shared.addresses(of: text), found.count == 1,
            let address = found.first
        else { throw Missing(text: text) }
        return address
    }

    private struct Missing: Error {
        let text: String
    }

    /// glibc's codes: what a resolver could not find out says nothing of the host.
    @Test func tellsOurFailuresFromTheHosts() {
        for code in [EAI_AGAIN, EAI_FAIL, EAI_MEMORY, EAI_SYSTEM] {
            guard case .unknown = HostLookup.answer(forCode: code) else {
                Issue.record("\(code) is counted against the host")
                continue
            }
        }
        for code in [EAI_NONAME, EAI_FAMILY, EAI_SERVICE] {
            #expect(HostLookup.answer(forCode: code) == .noAddress)
        }
    }
}
