import AsyncHTTPClient
import Foundation
import GroveTesting
import NIOCore
import NIOHTTP1
import StrictJSON
import Synchronization

/// One registered person who does, all at once and for as long as they are let, what would once have taken the
/// service from everybody else: texts that trapped, files that took memory and processors, deliveries that hang,
/// log-ins without end, sockets that say nothing.
struct Attacker: Sendable {
    /// What was answered, by what was tried: "import of newlines 422" or, without an answer, "… cut".
    let answers = AnswerCount()
    private let stack: ServiceStack
    private let client: HTTPClient
    private let email = "attacker@example.com"
    private let token: String
    private let portfolio: String
    private let archive: String
    /// As a proxy would name them: limits by address must not fall on anybody else.
    private let address = "203.0.113.66"

    /// Signs up, sets up a webhook at an address that hangs, and fills a portfolio as far as a few files do.
    init(at stack: ServiceStack, hangingWebhook: String) async throws {
        self.stack = stack
        token = try await stack.signUp(email)
        try await stack.verifyEmail(email)
        let headers = ["Authorization": "Bearer \(token)"]
        _ = try await TestClient.shared.send(
            "POST", stack.url(.notifications, "/v1/webhook-endpoints"),
            headers: headers.merging(["Idempotency-Key": "endpoint"]) { $1 },
            body: #"{"url": "\#(hangingWebhook)"}"#)
        func create(_ name: String) async throws -> String {
            let created = try await TestClient.shared.send(
                "POST", stack.url(.portfolios, "/v1/portfolios"),
                headers: headers.merging(["Idempotency-Key": name]) { $1 },
                body: #"""
                    {"name": "\#(name)", "kind": "brokerage", "base_currency": "USD", "cost_basis_method": "hifo"}
                    """#)
            guard let id = created.json["id"]?.string else {
                throw ServiceProcess.Failure(description: created.text)
            }
            return id
        }
        portfolio = try await create("attack")
        archive = try await create("archive")
        _ = try await TestClient.shared.send(
            "POST", stack.url(.portfolios, "/v1/portfolios/\(archive)/imports"),
            headers: headers.merging(["Idempotency-Key": "archive", "Content-Type": "text/csv"]) { $1 },
            body: HostileFile.purchases(10_000), timeoutSeconds: 300)
        // The last thing that can be made: it wants to be shut down.
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 256
        client = HTTPClient(configuration: configuration)
    }

    /// Everything at once, until the task is cancelled.
    func attack() async {
        await withTaskGroup(of: Void.self) { group in
            for (name, file) in HostileFile.all {
                for _ in 0..<(name == "newlines" ? 3 : 2) {
                    group.addTask { await again { await importing(file, name) } }
                }
            }
            for _ in 0..<8 {
                group.addTask {
                    await again { await importing(HostileFile.refusals(1_000), "refusals", hangUpAfter: 3) }
                }
            }
            for _ in 0..<4 {
                group.addTask {
                    await again {
                        await send("GET", .portfolios, "/v1/portfolios/\(archive)/valuation", "valuation")
                    }
                }
                group.addTask {
                    await again {
                        await send(
                            "GET", .portfolios, "/v1/portfolios/\(archive)/export?format=csv", "export")
                    }
                }
            }
            for _ in 0..<60 { group.addTask { await again { await logIn() } } }
            for _ in 0..<4 { group.addTask { await again { await changePassword() } } }
            for service in [ServiceStack.Service.portfolios, .users, .notifications] {
                for path in ["/metrics", "/readyz", "/openapi.json"] {
                    group.addTask { await again { await send("GET", service, path, path) } }
                }
                group.addTask { await holdSockets(service) }
            }
            for _ in 0..<6 {
                group.addTask {
                    await again {
                        await send("GET", .notifications, "/v1/notifications/stream", "stream", seconds: 2)
                    }
                }
            }
        }
        try? await client.shutdown()
    }

    private func again(_ work: @Sendable () async -> Void) async {
        while !Task.isCancelled {
            await work()
            // A person's machine has a bound, too: without it this would only measure the test's own load.
            try? await Task.sleep(for: .milliseconds(20))
        }
    }

    private func importing(_ file: String, _ name: String, hangUpAfter seconds: Int64 = 130) async {
        await send(
            "POST", .portfolios, "/v1/portfolios/\(portfolio)/imports?dry_run=true", "import of \(name)",
            body: file,
            type: "text/csv", seconds: seconds)
    }

    private func logIn() async {
        await send(
            "POST", .users, "/v1/sessions", "log-in",
            body: #"{"email": "\#(email)", "password": "correct horse battery staple"}"#)
    }

    private func changePassword() async {
        await send(
            "POST", .users, "/v1/users/me/password", "password",
            body: """
                {"current_password": "correct horse battery staple", "new_password": "correct horse battery staple"}
                """)
    }

    private func send(
        _ method: String, _ service: ServiceStack.Service, _ path: String, _ name: String,
        body: String? = nil,
        type: String = "application/json", seconds: Int64 = 60
    ) async {
        var request = HTTPClientRequest(url: stack.url(service, path))
        request.method = .RAW(value: method)
        request.headers.add(name: "Authorization", value: "Bearer \(token)")
        request.headers.add(name: "X-Forwarded-For", value: address)
        if let body {
            request.headers.add(name: "Content-Type", value: type)
            request.headers.add(name: "Idempotency-Key", value: UUID().uuidString)
            request.body = .bytes(ByteBuffer(string: body))
        }
        do {
            let response = try await client.execute(request, timeout: .seconds(seconds))
            answers.count("\(name) \(response.status.code)")
            for try await _ in response.body {}
        } catch {
            answers.count("\(name) cut")
        }
    }

    /// Forty sockets that say nothing, and ten that ask and never read.
    private func holdSockets(_ service: ServiceStack.Service) async {
        let request =
            "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: \(address)\r\n\r\n"
        let sockets = (0..<50).map { number in
            HeldSocket(
                url: stack.url(service, ""), text: number < 40 ? "" : String(repeating: request, count: 200))
        }
        while !Task.isCancelled { try? await Task.sleep(for: .milliseconds(100)) }
        for socket in sockets { socket.end() }
    }
}

/// How often each answer came.
final class AnswerCount: Sendable {
    // The lock is held for one addition or one copy.
    private let counts = Mutex<[String: Int]>([:])

    func count(_ answer: String) { counts.withLock { $0[answer, default: 0] += 1 } }

    var all: [String: Int] { counts.withLock { $0 } }
}

/// Files that are small, or plain, and were costly.
enum HostileFile {
    static let all: [(name: String, text: String)] = [
        ("digits", "date,type,currency,amount\n²²²²,deposit,USD,1\n"),
        ("newlines", "date,type,currency,amount\n" + String(repeating: "\n", count: 16_770_000)),
        ("commas", "date,type,currency,amount\n" + String(repeating: ",\n", count: 8_000_000)),
        ("quotes", "date,type,currency,amount\n" + String(repeating: "\"", count: 16_000_000)),
        ("capital returned", capitalReturned(8_000)),
    ]

    private static let header = "date,type,symbol,quantity,unit_price,amount,currency\n"

    private static func moment(_ minute: Int) -> String {
        let (hours, minute) = (minute / 60, minute % 60)
        let (days, hour) = (hours / 24, hours % 24)
        func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
        return
            "20\(two(days / 336))-\(two(days / 28 % 12 + 1))-\(two(days % 28 + 1))T\(two(hour)):\(two(minute)):00Z"
    }

    static func purchases(_ count: Int) -> String {
        header + (0..<count).map { "\(moment($0)),buy,OLD\($0 % 3),1,10,,USD\n" }.joined()
    }

    /// Each return of capital concerns every lot.
    static func capitalReturned(_ count: Int) -> String {
        header + (0..<count).map { "\(moment($0)),buy,ROC,1,10,,USD\n" }.joined()
            + (0..<count).map { "\(moment(count + $0)),return_of_capital,ROC,,,0.01,USD\n" }.joined()
    }

    /// Purchases, their sales, and then sales that the books refuse one by one.
    static func refusals(_ count: Int) -> String {
        header + (0..<count).map { "\(moment($0)),buy,HIFO,1,10,,USD\n" }.joined()
            + (0..<count).map { "\(moment(count + $0)),sell,HIFO,1,10,,USD\n" }.joined()
            + (0..<100).map { "\(moment(2 * count + $0)),sell,HIFO,999999,10,,USD\n" }.joined()
    }
}
