import AsyncHTTPClient
import Foundation
import GroveTesting
import NIOCore
import NIOHTTP1
import StrictJSON

/// Another person, who reads their holdings, posts purchases and changes their password, and measures.
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
    func live(for duration: Duration) async throws -> Log {
        let end = ContinuousClock.now + duration
        async let mails = changePasswords(until: end, every: max(.seconds(15), duration / 4))
        var log = Log()
        while ContinuousClock.now < end {
            for isPost in [false, true] {
                let start = ContinuousClock.now
                let status =
                    isPost
                    ? await send(
                        "POST", .portfolios, "/v1/portfolios/\(portfolio)/transactions", purchase())
                    : await send("GET", .portfolios, "/v1/portfolios/\(portfolio)/holdings")
                let taken = (ContinuousClock.now - start) / .milliseconds(1)
                if isPost { log.posts.append(taken) } else { log.reads.append(taken) }
                if !(200..<300).contains(status) {
                    log.refusals.append(isPost ? "post \(status)" : "read \(status)")
                }
            }
            try await Task.sleep(for: .milliseconds(100))
        }
        log.mails = try await mails
        return log
    }

    /// A purchase of now. At one moment all would have to be replayed with each, and the second phase would be slower
    /// than the first for that alone.
    private func purchase() -> String {
        let now = Date().ISO8601Format(.init(includingFractionalSeconds: true))
        return ServiceStack.Sample.buy.replacing("2024-05-02T10:00:00Z", with: now)
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
