import DatabaseClient
import Foundation
import GroveTesting
import SharedTypes
import Testing

@testable import ServiceKit

@Suite struct EventOperationsTests {
    /// The id stands in the audit's entry, whose column holds a hundred characters.
    @Test(arguments: [1, 100, 101, 120, 128, 129])
    func anOperatorsChangeTakesWhateverRequestIDAClientGives(length: Int) async throws {
        try await withTestDatabase { test in
            try await test.owner.script(
                """
                INSERT INTO platform.consumers (name, partitions, created_at, updated_at)
                VALUES ('notifications.messages', 1, now(), now())
                """)
            let user = try await test.makeUser()
            let database = test.database(role: "notifications_service")
            let module = EventOperationsModule(["notifications": test.events(of: "notifications")])
            try await withServer(modules: [module], databases: [database]) { server in
                let id = String(repeating: "r", count: length)
                let answer = try await server.send(
                    "POST", "/v1/operator/notifications/consumers/notifications.messages/pause",
                    token: try await server.token(for: user, isOperator: true),
                    headers: ["X-Request-Id": id])
                #expect(answer.status == 204, "\(answer.text)")
                #expect((answer.headers["x-request-id"] == id) == (length <= 100))
            }
        }
    }
}
