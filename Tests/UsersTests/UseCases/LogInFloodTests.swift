import DatabaseClient
import GroveTesting
import Synchronization
import Testing

@testable import Users

@Suite struct LogInFloodTests {
    @Test func whoFloodsIsRefusedAndOthersAreNot() async throws {
        let hasher = PasswordHasher(limits: HashingQueue.Limits(waitingPerAddress: 4, waiting: 5))
        try await withUsers(hasher: hasher) { server in
            try await server.register("eve@example.com")
            try await server.register("ada@example.com")
            let gate = await ClosedGate(of: hasher, places: 2)
            let answered = Answers()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...120 {
                    group.addTask {
                        let answer = try await server.attemptLogIn(
                            "eve@example.com", from: "2001:db8::\(number)")
                        answered.add(answer.status)
                    }
                }
                // Each has its answer or its place in the line.
                while answered.statuses.count + hasher.waitingCount < 120 { await Task.yield() }
                #expect(answered.statuses == Array(repeating: 503, count: 116))
                async let other = server.attemptLogIn("ada@example.com", from: "192.0.2.7")
                while hasher.waitingCount < 5 { await Task.yield() }
                gate.open()
                #expect(try await other.status == 201)
                try await group.waitForAll()
                #expect(answered.statuses.filter { $0 == 201 }.count == 4)
            }
            try await gate.passed()
        }
    }

    @Test func noTransactionIsOpenWhileAPasswordWaits() async throws {
        let hasher = PasswordHasher()
        try await withUsers(hasher: hasher) { server in
            try await server.register("ada@example.com")
            let access = try await server.logIn("ada@example.com").access
            let reset = try await server.send(
                "POST", "/v1/password-resets", json: #"{"email": "ada@example.com"}"#)
            #expect(reset.status == 202)
            let token = try #require(try await server.mailedTokens(to: "ada@example.com").last)
            let gate = await ClosedGate(of: hasher, places: 2)
            async let change = server.send(
                "POST", "/v1/users/me/password", token: access, headers: ["Idempotency-Key": "change"],
                json: #"{"current_password": "wrong tulip 42", "new_password": "another rose 43"}"#)
            async let close = server.send(
                "POST", "/v1/users/me/close", token: access, headers: ["Idempotency-Key": "close"],
                json: #"{"password": "wrong tulip 42"}"#)
            async let confirm = server.send(
                "POST", "/v1/password-resets/confirm",
                json: #"{"token": "\#(token)", "new_password": "another rose 43"}"#)
            while hasher.waitingCount < 3 { await Task.yield() }
            let open = try await server.test.owner.query(
                """
                SELECT count(*) FROM pg_stat_activity
                WHERE usename = 'users_service' AND datname = current_database()
                    AND state LIKE 'idle in transaction%'
                """)
            #expect(try open[0].int(0) == 0)
            gate.open()
            #expect(try await confirm.status == 204)
            // They were right to wait, and were wrong whenever their turn came.
            for answer in [try await change, try await close] {
                #expect(answer.status == 403 || answer.status == 401)
            }
            try await gate.passed()
        }
    }
}

/// The statuses of requests that were answered, while others wait.
private final class Answers: Sendable {
    private let list = Mutex<[Int]>([])

    var statuses: [Int] { list.withLock { $0 } }
    func add(_ status: Int) { list.withLock { $0.append(status) } }
}
