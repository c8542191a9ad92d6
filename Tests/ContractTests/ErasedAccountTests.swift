import DatabaseClient
import Foundation
import GroveTesting
import ServiceKit
import Testing

/// An access token outlives its account by minutes: it opens nothing then, and breaks nothing.
@Suite struct ErasedAccountTests {
    @Test func noOperationFailsWithTheTokenOfAnErasedAccount() async throws {
        try await ServiceStack.with { stack in
            var running: [ServiceProcess] = []
            for service in ServiceStack.Service.allCases { running.append(try await stack.start(service)) }
            let token = try await stack.signUp("erased@example.com")
            let owner = try await DatabaseConnection.connect(stack.connectionString(user: "postgres"))
            // A consumer may yet write what concerns the account; then its erasure waits for that row.
            let erased = try await owner.query(
                "SELECT users.erase_user(id, 'test', 'asked for it', now()) FROM users.users"
            ).one { try $0.bool(0) }
            await owner.close()
            #expect(erased)
            var refused: Set<String> = []
            for operation in try await ServiceOperation.all(of: stack)
            where operation.id != AuthorizationTests.endless {
                let path = operation.path.replacing("{tier}", with: "1")
                    .replacing("{category}", with: "product").replacing("{channel}", with: "email")
                    .replacing(/\{[a-z_]+\}/, with: "018f0000-0000-7000-8000-000000000000")
                let needsBody = ["POST", "PATCH", "PUT"].contains(operation.method)
                let answer = try await TestClient.shared.send(
                    operation.method,
                    stack.url(operation.service, path + (AuthorizationTests.queries[operation.id] ?? "")),
                    headers: [
                        "Authorization": "Bearer \(token)", "Idempotency-Key": UUID().uuidString,
                    ],
                    body: needsBody ? Self.bodies[operation.id] ?? "{}" : nil)
                #expect(answer.status < 500, "\(operation): \(answer.text)")
                if answer.status == 401 { refused.insert(operation.id) }
            }
            // Whatever would leave a row is refused as what it is.
            for operation in Self.bodies.keys { #expect(refused.contains(operation), "\(operation)") }
            for process in running { process.signal(SIGTERM) }
        }
    }

    /// Operations that would leave a row of the user's, with a body that is valid.
    private static let bodies: [String: String] = [
        "createPortfolio": ServiceStack.Sample.portfolio,
        "createWebhookEndpoint": #"{"url": "https://erased.example.com/hook"}"#,
        "replaceNotificationPreference": #"{"enabled": false}"#,
        "readAllNotifications": #"{"until_id": "018f0000-0000-7000-8000-000000000000"}"#,
    ]
}
