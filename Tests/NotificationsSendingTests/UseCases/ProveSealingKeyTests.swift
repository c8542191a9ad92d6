import Crypto
import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import Testing

@testable import Notifications

/// Which sealing key is the right one, on a database whose secrets are older than the known value.
@Suite struct ProveSealingKeyTests {
    private func prove(_ secrets: WebhookSecrets, in world: SendingTest) async throws {
        let worker = world.test.database(role: "notifications_worker")
        try await proveSealingKey(of: secrets, on: world.database, worker: worker, at: world.clock.now)
    }

    private func proofs(_ world: SendingTest) async throws -> Int {
        try await world.test.owner.query("SELECT count(*) FROM notifications.sealing_key_proofs").one {
            try $0.int(0)
        }
    }

    @Test func aWrongKeyThatStartsFirstDoesNotBecomeTheRightOne() async throws {
        try await SendingTest.with { world in
            let user = try await world.addUser()
            _ = try await world.addEndpoint(user, "https://example.com/hook")
            let wrong = WebhookSecrets(sealingKey: SymmetricKey(size: .bits256))
            await #expect(throws: WebhookSecrets.WrongSealingKey.self) { try await prove(wrong, in: world) }
            #expect(try await proofs(world) == 0)
            try await prove(world.secrets, in: world)
            try await prove(world.secrets, in: world)
            #expect(try await proofs(world) == 1)
            await #expect(throws: WebhookSecrets.WrongSealingKey.self) { try await prove(wrong, in: world) }
        }
    }

    /// One damaged row says nothing, and what is switched off signs nothing.
    @Test func aKeyThatOpensAnySecretInUseIsTheRightOne() async throws {
        try await SendingTest.with { world in
            let user = try await world.addUser()
            let damaged = try await world.addEndpoint(user, "https://example.com/damaged")
            _ = try await world.addEndpoint(user, "https://example.com/hook")
            try await world.test.owner.script(
                "UPDATE notifications.webhook_endpoints SET sealed_secret = sha256('') WHERE id = '\(damaged.id)'"
            )
            try await prove(world.secrets, in: world)
            // The way to another key: no known value, and no endpoint that is signed for.
            try await world.test.owner.script(
                """
                DELETE FROM notifications.sealing_key_proofs;
                UPDATE notifications.webhook_endpoints SET disabled_at = now(), disabled_reason = 'Another key.';
                """)
            try await prove(WebhookSecrets(sealingKey: SymmetricKey(size: .bits256)), in: world)
            #expect(try await proofs(world) == 1)
        }
    }
}
