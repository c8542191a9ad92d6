import DatabaseClient
import EventLog
import Foundation
import Hummingbird
import NIOCore
import ServiceKit

extension Idempotency {
    /// The use of a key by a request whose body holds secrets. The kept hash of the request is keyed, because a plain one
    /// of a body that holds a password would let a stolen table be searched for it without Argon2id.
    init(
        _ request: Request, _ context: ServiceContext, operation: String, secrets: [String],
        keys: DerivedKeys, on database: Database, now: Date
    ) throws {
        // Control characters are refused in fields, so the separator stands in no secret.
        let fingerprint = keys.fingerprint(of: secrets.joined(separator: "\u{0}"))
        try self.init(
            request, context, operation: operation, body: ByteBuffer(bytes: fingerprint), on: database,
            now: now)
    }

    /// Does work once that begins with the check of a password: it waits for its turn to be hashed, and no transaction
    /// stays open for that.
    ///
    /// The key is looked up first: a repetition of a request that succeeded is given its first answer, though the password
    /// is another by now. A wrong password is counted whatever becomes of the key.
    func perform<Prepared: Sendable>(
        preparing prepare: () async throws -> Prepared, countingWrongPassword count: () async throws -> Void,
        work: (Prepared, OperationContext) async throws -> Response
    ) async throws -> Response {
        if let kept = try await keptAnswer() { return kept }
        let prepared: Prepared
        do {
            prepared = try await prepare()
        } catch UsersError.wrongPassword {
            // The first request may have changed the password just now.
            if let kept = try await keptAnswer() { return kept }
            try await count()
            throw UsersError.wrongPassword
        }
        return try await perform { operation in try await work(prepared, operation) }
    }
}
