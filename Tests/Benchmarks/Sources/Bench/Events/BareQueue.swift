import DatabaseClient
import ExactTypes
import Foundation
import SharedTypes

/// The peer: a table of work, polled with SELECT … FOR UPDATE SKIP LOCKED, on the same client. It has no order, no
/// second consumer, no retry, no policy of its own, and what is done is gone.
struct BareQueue {
    let database: Database

    func append(_ posted: TransactionPosted, of user: UUID, in transaction: DatabaseTransaction) async throws
    {
        var parameters = Parameters()
        parameters.append(uuid: user)
        parameters.append(json: String(decoding: try JSONEncoder().encode(posted), as: UTF8.self))
        parameters.append(timestamp: Date())
        _ = try await transaction.execute(Self.append, parameters)
    }

    /// Takes up to so many rows at once, until the process ends.
    func work(batch: Int, poll: Duration) async throws {
        while !Task.isCancelled {
            let count = try await database.transaction { try await Self.takeAndHandle(batch, in: $0) }
            if count == 0 { try await Task.sleep(for: poll) }
        }
    }

    private static func takeAndHandle(_ batch: Int, in transaction: DatabaseTransaction) async throws -> Int {
        var limit = Parameters()
        try limit.append(int8: batch)
        let rows = try await transaction.execute(take, limit).many {
            (id: try $0.int(0), user: try $0.uuid(1), payload: try $0.json(2))
        }
        guard !rows.isEmpty else { return 0 }
        for row in rows {
            let posted = try JSONDecoder().decode(TransactionPosted.self, from: Data(row.payload.utf8))
            try await Effect.store(posted, of: row.user, in: transaction)
        }
        var done = Parameters()
        try done.append(int8Array: rows.map(\.id))
        _ = try await transaction.execute(delete, done)
        return rows.count
    }

    private static let append = Statement(
        name: "bench.enqueue",
        sql: "INSERT INTO bench.queue (user_id, payload, created_at) VALUES ($1, $2, $3)", access: .write)
    private static let take = Statement(
        name: "bench.take",
        sql: "SELECT id, user_id, payload FROM bench.queue ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED",
        access: .write)
    private static let delete = Statement(
        name: "bench.dequeue", sql: "DELETE FROM bench.queue WHERE id = ANY ($1)", access: .write)
}

/// What writers and handlers do themselves: one row.
enum Effect {
    /// Of the writer.
    static func write(_ id: UUID, of user: UUID, in transaction: DatabaseTransaction) async throws {
        try await run(written, id, user, transaction)
    }

    /// Of the handler.
    static func store(_ posted: TransactionPosted, of user: UUID?, in transaction: DatabaseTransaction)
        async throws
    {
        try await run(effect, posted.transactionID.uuid, user, transaction)
    }

    private static func run(
        _ statement: Statement, _ id: UUID, _ user: UUID?, _ transaction: DatabaseTransaction
    ) async throws {
        var parameters = Parameters()
        parameters.append(uuid: id)
        parameters.append(uuid: user)
        _ = try await transaction.execute(statement, parameters)
    }

    private static let written = Statement(
        name: "bench.write", sql: "INSERT INTO bench.written (id, user_id) VALUES ($1, $2)", access: .write)
    private static let effect = Statement(
        name: "bench.effect", sql: "INSERT INTO bench.effects (id, user_id) VALUES ($1, $2)", access: .write)
}
