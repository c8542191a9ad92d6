import DatabaseClient
import EventLog
import Foundation
import Hummingbird
import NIOCore
import ServiceKit

extension UsersModule {
    /// Does the work once for an `Idempotency-Key`. The kept hash of the request is keyed, because a plain
    /// one of a body that holds a password would let a stolen table be searched for it without Argon2id.
    func once(
        _ request: Request, _ context: ServiceContext, _ operation: String, secrets: [String],
        _ work: (DatabaseTransaction) async throws -> Response
    ) async throws -> Response {
        // Control characters are refused in fields, so the separator stands in no secret.
        let fingerprint = configuration.keys.fingerprint(of: secrets.joined(separator: "\u{0}"))
        return try await Idempotency.perform(
            request, context, operation: operation, body: ByteBuffer(bytes: fingerprint), on: database,
            now: Date()
        ) { try await work($0.transaction) }
    }

    /// The same for work that begins with the check of a password: it waits for its turn to be hashed, and no
    /// transaction stays open for that.
    ///
    /// The key is looked up first: a repetition of a request that succeeded is given its first answer, though the
    /// password is another by now. A wrong password is counted whatever becomes of the key.
    func once<Prepared: Sendable>(
        _ request: Request, _ context: ServiceContext, _ operation: String, secrets: [String],
        from client: Client, preparing prepare: () async throws -> Prepared,
        work: (Prepared, DatabaseTransaction) async throws -> Response
    ) async throws -> Response {
        let fingerprint = configuration.keys.fingerprint(of: secrets.joined(separator: "\u{0}"))
        let once = try Idempotency(
            request, context, operation: operation, body: ByteBuffer(bytes: fingerprint), on: database,
            now: Date())
        if let kept = try await once.keptAnswer() { return kept }
        let prepared: Prepared
        do {
            prepared = try await prepare()
        } catch UsersError.wrongPassword {
            // The first request may have changed the password just now.
            if let kept = try await once.keptAnswer() { return kept }
            let account = try await findAccount(of: context.user())
            try await recordFailure(of: account.email, from: client, at: Date())
            throw UsersError.wrongPassword
        }
        return try await once.perform { try await work(prepared, $0.transaction) }
    }
}
