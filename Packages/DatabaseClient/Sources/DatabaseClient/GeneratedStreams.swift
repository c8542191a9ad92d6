/// Where a generated `:stream` function runs: on the database, as a user, or in a transaction.
public protocol RowStreaming: Sendable {
    /// The rows of a SELECT as they are asked for, in constant memory.
    func rows(of statement: Statement, _ parameters: Parameters) -> RowStream
}

/// Where a generated `:copy` function runs. PostgreSQL takes no COPY under row-level security, so not as a user.
public protocol RowCopying: Sendable {
    /// Sends rows to a `COPY … FROM STDIN (FORMAT binary)`: all of them or none.
    /// - Returns: how many rows PostgreSQL took.
    func copy<Rows: AsyncSequence>(_ rows: Rows, into statement: Statement) async throws -> Int
    where Rows.Element == Parameters
}

extension Database: RowStreaming, RowCopying {
    public func rows(of statement: Statement, _ parameters: Parameters) -> RowStream {
        stream(statement, parameters)
    }

    public func copy<Rows: AsyncSequence>(_ rows: Rows, into statement: Statement) async throws -> Int
    where Rows.Element == Parameters {
        try await copyIn(statement, rows: CopyRows(rows))
    }
}

extension DatabaseTransaction: RowStreaming, RowCopying {
    public func rows(of statement: Statement, _ parameters: Parameters) -> RowStream {
        stream(statement, parameters)
    }

    public func copy<Rows: AsyncSequence>(_ rows: Rows, into statement: Statement) async throws -> Int
    where Rows.Element == Parameters {
        try await copyIn(statement, rows: CopyRows(rows))
    }
}

extension UserScope: RowStreaming {
    public func rows(of statement: Statement, _ parameters: Parameters) -> RowStream {
        database.stream(statement, parameters, as: user)
    }
}
