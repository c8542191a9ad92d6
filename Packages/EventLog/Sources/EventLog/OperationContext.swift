public import DatabaseClient
public import ExactTypes
public import Foundation
public import SharedTypes

/// Who acts, in which transaction, at what moment, and for which request.
///
/// ServiceKit makes it for a request and a consumer for the event that it handles; every use case takes it and passes
/// it on, so that the id of a request stands on whatever follows from it. It is declared beside the log because an
/// appended event takes all four from it, and because use cases know the log and no HTTP.
public struct OperationContext: Sendable {
    /// The user as whom the transaction acts. Nil where the platform itself does: a file that is imported at a
    /// terminal, the catalogue of a demonstration.
    public let actingUser: User.ID?
    public let transaction: DatabaseTransaction
    /// The moment of everything that is written, in whole microseconds as the database keeps it: what is answered
    /// and not read back shows the same moment as a read does.
    public let now: Date
    /// Of the request that all of it came of; nil where it came of none.
    public let requestID: String?

    /// - Parameter user: as whom the transaction acts already.
    public init(user: User.ID?, transaction: DatabaseTransaction, now: Date, requestID: String? = nil) {
        actingUser = user
        self.transaction = transaction
        self.now = Date(timeIntervalSince1970: (now.timeIntervalSince1970 * 1_000_000).rounded() / 1_000_000)
        self.requestID = requestID
    }

    /// The acting user; throws ``EventLogError/noActingUser`` where the platform acts.
    public var user: User.ID {
        get throws(EventLogError) {
            guard let actingUser else { throw .noActingUser }
            return actingUser
        }
    }

    /// Does a part of the operation as another user, as an operator does; afterwards the first one acts again.
    public func acting<Value>(
        as user: User.ID, _ work: (OperationContext) async throws -> Value
    ) async throws -> Value {
        try await transaction.act(as: user.uuid)
        let value = try await work(
            OperationContext(user: user, transaction: transaction, now: now, requestID: requestID))
        // Where the work throws, the whole transaction is undone.
        try await transaction.act(as: actingUser)
        return value
    }
}
