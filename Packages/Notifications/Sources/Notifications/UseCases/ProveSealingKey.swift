import DatabaseClient
import Foundation

/// That the sealing key is the one which the database's secrets were sealed with: by a known value, which the service
/// that starts first puts there.
/// - Throws: ``WebhookSecrets/WrongSealingKey``.
func proveSealingKey(of secrets: WebhookSecrets, on database: any QueryExecutor, at now: Date) async throws {
    let purpose = "webhook_secrets"
    try await database.insertSealingKeyProof(purpose: purpose, sealed: try secrets.makeProof(), now: now)
    try secrets.checkProof(try await database.findSealingKeyProof(purpose: purpose))
}
