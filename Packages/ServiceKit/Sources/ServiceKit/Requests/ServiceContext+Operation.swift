import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

extension ServiceContext {
    /// Writes once, without an idempotency key, as the user who asks; throws 401 without a token.
    public func write<Value>(
        on database: Database, at now: Date, _ work: (OperationContext) async throws -> Value
    ) async throws -> Value {
        try await write(as: try user().userID, on: database, at: now, work)
    }

    /// The same as a user who is not signed in: they log in, or show a token that names them.
    public func write<Value>(
        as user: User.ID, on database: Database, at now: Date,
        _ work: (OperationContext) async throws -> Value
    ) async throws -> Value {
        try await database.transaction(as: user.uuid) { transaction in
            try await work(
                OperationContext(user: user, transaction: transaction, now: now, requestID: requestID))
        }
    }
}
