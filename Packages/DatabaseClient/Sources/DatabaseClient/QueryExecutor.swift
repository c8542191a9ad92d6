/// Where a generated query function runs: on the database, as a user, or in a transaction.
public protocol QueryExecutor: Sendable {
    func execute(_ statement: Statement, _ parameters: Parameters) async throws -> QueryResult
}
