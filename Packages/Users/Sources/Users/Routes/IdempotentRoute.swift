import DatabaseClient
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
            request, context, operation: operation, body: ByteBuffer(bytes: fingerprint), on: database, work)
    }
}
