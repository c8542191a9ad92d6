import DatabaseClient
import ExactTypes
import Foundation

/// That the sealing key is the one which the database's secrets were sealed with: by a known value, which the service
/// that starts first puts there. Where secrets are older than that value, the key has to open one of them before.
/// - Throws: ``WebhookSecrets/WrongSealingKey``.
func proveSealingKey(of secrets: WebhookSecrets, on database: Database, worker: Database, at now: Date)
    async throws
{
    let purpose = "webhook_secrets"
    if let sealed = try await database.findSealingKeyProof(purpose: purpose) {
        return try secrets.checkProof(sealed)
    }
    guard try await opensWhatIsSealed(secrets, on: database, worker: worker) else {
        throw WebhookSecrets.WrongSealingKey(id: nil)
    }
    try await database.insertSealingKeyProof(purpose: purpose, sealed: try secrets.makeProof(), now: now)
    // Two that start at once agree on the first one's.
    guard let sealed = try await database.findSealingKeyProof(purpose: purpose) else { return }
    try secrets.checkProof(sealed)
}

/// Whether the key opens any of the secrets that are in use; one row may be damaged, and not a hundred.
private func opensWhatIsSealed(
    _ secrets: WebhookSecrets, on database: Database, worker: Database
) async throws -> Bool {
    var isAnySealed = false
    for endpoint in try await worker.listSealedEndpoints(rowLimit: 100) {
        let row = try await database.acting(as: endpoint.userID.uuid).findWebhookEndpoint(
            userID: endpoint.userID, webhookEndpointID: endpoint.id)
        guard let row else { continue }
        if (try? secrets.open(row.sealedSecret, of: row.id)) != nil { return true }
        isAnySealed = true
    }
    return !isAnySealed
}
