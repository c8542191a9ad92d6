import ContractKit
import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import SharedTypes
import StrictJSON
import Synchronization
import Testing

@testable import ServiceKit

/// On a real PostgreSQL, as the role of a service.
@Suite struct IdempotencyTests {
    private func serve(
        _ way: DepositModule.Way = .plain,
        _ body: @escaping @Sendable (TestServer, DepositModule, TestDatabase, User.ID) async throws -> Void
    ) async throws {
        try await withTestDatabase { test in
            let user = try await test.makeUser()
            let module = DepositModule(
                database: test.database(role: "portfolios_service", maximumConnections: 8), way: way)
            try await withServer(modules: [module], databases: [module.database]) { server in
                try await body(server, module, test, user)
            }
        }
    }

    private func rows(_ test: TestDatabase) async throws -> Int {
        try await test.owner.query("SELECT count(*) FROM platform.idempotency_keys").one { try $0.int(0) }
    }

    @Test func aReplayGivesTheFirstAnswerAndHappensOnce() async throws {
        try await serve { server, module, test, user in
            let token = try await server.token(for: user)
            func post(_ json: String, key: String = "k1", path: String = "/v1/deposits") async throws
                -> TestClient.Answer
            {
                try await server.send(
                    "POST", path, token: token, headers: ["Idempotency-Key": key], json: json)
            }
            let first = try await post(#"{"amount":"5"}"#)
            #expect(first.status == 201)
            #expect(first.headers["idempotency-replayed"] == nil)
            let second = try await post(#"{"amount":"5"}"#)
            #expect(second.status == 201)
            #expect(second.text == first.text)
            #expect(second.headers["idempotency-replayed"] == "true")
            #expect(second.headers["location"] == first.headers["location"])
            #expect(second.headers["etag"] == "\"1\"")
            #expect(second.headers["content-type"] == first.headers["content-type"])
            #expect(module.effects == 1)

            let otherBody = try await post(#"{"amount":"6"}"#)
            #expect(otherBody.status == 422)
            #expect(otherBody.json["type"] == .string("urn:grove:problem:idempotency-key-reused"))
            #expect(otherBody.json["field"] == .string("Idempotency-Key"))
            // The same body for another resource is another request too.
            #expect(try await post(#"{"amount":"5"}"#, path: "/v1/deposits?account=2").status == 422)
            #expect(module.effects == 1)

            let other = try await test.makeUser()
            let otherToken = try await server.token(for: other)
            let answer = try await server.send(
                "POST", "/v1/deposits", token: otherToken, headers: ["Idempotency-Key": "k1"],
                json: #"{"amount":"5"}"#)
            #expect(answer.headers["idempotency-replayed"] == nil)
            #expect(module.effects == 2)
            #expect(try await rows(test) == 2)
        }
    }

    @Test func thirtyTwoAtOnceHappenOnce() async throws {
        try await serve { server, module, test, user in
            let token = try await server.token(for: user)
            let statuses = try await withThrowingTaskGroup(of: (Int, String).self) { group in
                for _ in 0..<32 {
                    group.addTask {
                        let answer = try await server.send(
                            "POST", "/v1/deposits", token: token, headers: ["Idempotency-Key": "same"],
                            json: #"{"amount":"5"}"#)
                        return (answer.status, answer.text)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(module.effects == 1)
            #expect(try await rows(test) == 1)
            #expect(statuses.allSatisfy { $0.0 == 201 || $0.0 == 409 })
            let answers = Set(statuses.filter { $0.0 == 201 }.map(\.1))
            #expect(answers.count == 1)
        }
    }

    @Test func aFailureIsNotKept() async throws {
        try await serve { server, module, test, user in
            let token = try await server.token(for: user)
            func post(_ json: String) async throws -> Int {
                try await server.send(
                    "POST", "/v1/deposits", token: token, headers: ["Idempotency-Key": "k"], json: json
                ).status
            }
            #expect(try await post(#"{"amount":"0"}"#) == 422)
            #expect(try await rows(test) == 0)
            #expect(try await post(#"{"amount":"5"}"#) == 201)
        }
    }

    @Test(arguments: [nil, "", "a b", "é", String(repeating: "x", count: 256)])
    func theKeyMustBeGiven(key: String?) async throws {
        try await serve { server, module, _, user in
            var headers = ["Authorization": "Bearer \(try await server.token(for: user))"]
            headers["Idempotency-Key"] = key
            let answer = try await TestClient.shared.send(
                "POST", server.url + "/v1/deposits", headers: headers, body: #"{"amount":"5"}"#)
            #expect(answer.status == 400)
            #expect(answer.json["field"] == .string("Idempotency-Key"))
            #expect(module.effects == 0)
        }
    }

    @Test func anExpiredKeyCanBeUsedAgainAndIsRemoved() async throws {
        try await serve { server, module, test, user in
            let token = try await server.token(for: user)
            func post(_ key: String) async throws -> TestClient.Answer {
                try await server.send(
                    "POST", "/v1/deposits", token: token, headers: ["Idempotency-Key": key],
                    json: #"{"amount":"5"}"#)
            }
            #expect(try await post("a").status == 201)
            #expect(try await post("b").status == 201)
            module.clock.withLock { $0 = $0.addingTimeInterval(86_400) }
            #expect(try await post("a").headers["idempotency-replayed"] == nil)
            #expect(module.effects == 3)
            #expect(try await rows(test) == 2)
        }
    }

    @Test func withoutAUserNothingHappens() async throws {
        try await serve { server, module, _, _ in
            let answer = try await server.send("POST", "/v1/deposits", json: #"{"amount":"5"}"#)
            #expect(answer.status == 401)
            #expect(module.effects == 0)
        }
    }

    @Test func aSecretIsInEachAnswerAndNotInTheKeptOne() async throws {
        try await serve(.completing) { server, module, test, user in
            let token = try await server.token(for: user)
            func post() async throws -> TestClient.Answer {
                try await server.send(
                    "POST", "/v1/deposits", token: token, headers: ["Idempotency-Key": "k"],
                    json: #"{"amount":"5"}"#)
            }
            let first = try await post()
            #expect(first.text == #"{"number":1,"secret":"abc"}"#)
            #expect(first.headers["idempotency-replayed"] == nil)
            let second = try await post()
            #expect(second.status == 201 && second.text == first.text)
            #expect(second.headers["idempotency-replayed"] == "true")
            #expect(second.headers["location"] == "/v1/deposits/1" && second.headers["etag"] == "\"1\"")
            #expect(module.effects == 1)
            let kept = try await test.owner.query(
                "SELECT convert_from(response_body, 'UTF8') FROM platform.idempotency_keys"
            ).one { try $0.text(0) }
            #expect(kept == #"{"number":1}"#)
            // What a contract of another release has kept is given as it was.
            try await test.owner.script("UPDATE platform.idempotency_keys SET response_body = '{\"id\": 1}'")
            #expect(try await post().text == #"{"id": 1}"#)
        }
    }

    @Test func aRepetitionPreparesNothing() async throws {
        let preparations = Mutex(0)
        try await serve(.preparing({ preparations.withLock { $0 += 1 } })) { server, module, _, user in
            let token = try await server.token(for: user)
            func post(_ json: String) async throws -> Int {
                try await server.send(
                    "POST", "/v1/deposits", token: token, headers: ["Idempotency-Key": "k"], json: json
                ).status
            }
            #expect(try await post(#"{"amount":"5"}"#) == 201)
            #expect(try await post(#"{"amount":"5"}"#) == 201)
            #expect(try await post(#"{"amount":"6"}"#) == 422)
            #expect(preparations.withLock { $0 } == 1)
            #expect(module.effects == 1)
        }
    }

    /// The first request may change what its repetition is prepared on, as a password that is given with both.
    @Test func aRepetitionThatTheFirstRequestMakesWrongHasItsAnswer() async throws {
        let gate = AsyncStream.makeStream(of: Void.self)
        let preparations = Mutex(0)
        let prepare = { @Sendable in
            let isFirst = preparations.withLock { count in
                count += 1
                return count == 1
            }
            if isFirst { return }
            for await _ in gate.stream { break }
            throw Problem.forbidden
        }
        try await serve(.preparing(prepare)) { server, module, test, user in
            let token = try await server.token(for: user)
            func post(_ key: String) async throws -> TestClient.Answer {
                try await server.send(
                    "POST", "/v1/deposits", token: token, headers: ["Idempotency-Key": key],
                    json: #"{"amount":"5"}"#)
            }
            #expect(try await post("one").status == 201)
            gate.continuation.yield()
            #expect(try await post("other").status == 403)
            try await test.owner.script("UPDATE platform.idempotency_keys SET key = 'waiting'")
            async let repetition = post("k")
            while preparations.withLock({ $0 }) < 3 { await Task.yield() }
            try await test.owner.script("UPDATE platform.idempotency_keys SET key = 'k'")
            gate.continuation.yield()
            #expect(try await repetition.headers["idempotency-replayed"] == "true")
            #expect(module.effects == 1)
        }
    }

    @Test func aModuleSaysHowBodiesAreHashed() async throws {
        try await serve(.hashingNothing) { server, module, _, user in
            let token = try await server.token(for: user)
            for amount in [5, 6] {
                let answer = try await server.send(
                    "POST", "/v1/deposits", token: token, headers: ["Idempotency-Key": "k"],
                    json: #"{"amount":"\#(amount)"}"#)
                #expect(answer.status == 201)
            }
            #expect(module.effects == 1)
        }
    }
}
