import AsyncHTTPClient
import Foundation
import GroveTesting
import NIOCore
import NIOHTTP1
import StrictJSON

/// Another person, who reads their holdings and posts purchases, from a process of their own, and changes their password;
/// and measures.
struct Bystander: Sendable {
    /// What a phase took, in milliseconds, and what was not answered as it should.
    struct Log: Sendable {
        var reads: [Double] = []
        var posts: [Double] = []
        /// From the answer to a change of the password to the mail that says so.
        var mails: [Double] = []
        var refusals: [String] = []

        static func percentile99(_ values: [Double]) -> Double {
            let sorted = values.sorted()
            return sorted.isEmpty ? .nan : sorted[min(sorted.count - 1, sorted.count * 99 / 100)]
        }
    }

    private let stack: ServiceStack
    private let mail: MailServer
    private let token: String
    private let portfolio: String
    private let email: String

    init(at stack: ServiceStack, mail: MailServer) async throws {
        self.stack = stack
        self.mail = mail
        email = "bystander@example.com"
        token = try await stack.signUp(email)
        try await stack.verifyEmail(email)
        let created = try await TestClient.shared.send(
            "POST", stack.url(.portfolios, "/v1/portfolios"),
            headers: ["Authorization": "Bearer \(token)", "Idempotency-Key": "portfolio"],
            body: ServiceStack.Sample.portfolio)
        guard let id = created.json["id"]?.string else {
            throw ServiceProcess.Failure(description: created.text)
        }
        portfolio = id
    }

    /// Does what a person does, for so long.
    ///
    /// - Parameter onStart: is called when their process runs.
    func live(for duration: Duration, onStart: () -> Void = {}) async throws -> Log {
        let end = ContinuousClock.now + duration
        async let mails = changePasswords(until: end, every: max(.seconds(15), duration / 4))
        var log = Log()
        let script = Repository.root.appending(path: "Tests/GroveTesting/bystander.py")
        let client = try ServiceProcess(
            tool: "python3",
            [
                script.path, "--url", stack.url(.portfolios, ""), "--token", token, "--portfolio", portfolio,
                "--purchase", ServiceStack.Sample.buy, "--seconds", "\(duration / .seconds(1))",
            ], in: URL(filePath: "/tmp"))
        onStart()
        guard await client.exitCode() == 0 else { throw ServiceProcess.Failure(description: client.output) }
        for line in client.output.split(separator: "\n") {
            let request = try JSONDecoder().decode(MeasuredRequest.self, from: Data(line.utf8))
            if request.kind == "post" {
                log.posts.append(request.milliseconds)
            } else {
                log.reads.append(request.milliseconds)
            }
            if !(200..<300).contains(request.status) {
                log.refusals.append("\(request.kind) \(request.status)")
            }
        }
        log.mails = try await mails
        return log
    }

    private struct MeasuredRequest: Decodable {
        let kind: String
        let milliseconds: Double
        let status: Int
    }

    /// Four changes, since ten an hour are allowed, and there are two phases.
    private func changePasswords(until end: ContinuousClock.Instant, every interval: Duration) async throws
        -> [Double]
    {
        var taken: [Double] = []
        repeat {
            let before = mailCount
            let status = await send(
                "POST", .users, "/v1/users/me/password",
                """
                {"current_password": "correct horse battery staple", "new_password": "correct horse battery staple"}
                """)
            guard (200..<300).contains(status) else {
                throw ServiceProcess.Failure(description: "the password could not be changed: \(status)")
            }
            let start = ContinuousClock.now
            while mailCount == before, ContinuousClock.now < start + .seconds(60) {
                try await Task.sleep(for: .milliseconds(20))
            }
            taken.append((ContinuousClock.now - start) / .milliseconds(1))
            try await Task.sleep(for: interval)
        } while ContinuousClock.now < end
        return taken
    }

    private var mailCount: Int { mail.received.count { $0.recipients.contains { $0.contains(email) } } }

    /// The status; 0 without an answer.
    private func send(
        _ method: String, _ service: ServiceStack.Service, _ path: String, _ body: String? = nil
    ) async -> Int {
        var request = HTTPClientRequest(url: stack.url(service, path))
        request.method = .RAW(value: method)
        request.headers.add(name: "Authorization", value: "Bearer \(token)")
        request.headers.add(name: "X-Forwarded-For", value: "198.51.100.7")
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.headers.add(name: "Idempotency-Key", value: UUID().uuidString)
            request.body = .bytes(ByteBuffer(string: body))
        }
        guard let response = try? await HTTPClient.shared.execute(request, timeout: .seconds(60)),
            (try? await response.body.collect(upTo: 1 << 24)) != nil
        else { return 0 }
        return Int(response.status.code)
    }
}
