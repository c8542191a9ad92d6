public import Foundation

extension DatabaseTransaction {
    /// Sends rows to a `COPY … FROM STDIN`; the format is the statement's. Nothing else may run on this
    /// transaction meanwhile.
    /// - Parameters:
    ///   - rows: pieces of any size, asked for only when the last has been taken.
    ///   - timeout: how long the whole COPY may take, instead of the configured `statementTimeout`; PostgreSQL
    ///     ends it with 57014. Nil: the configured `copyTimeout`.
    /// - Returns: how many rows PostgreSQL took.
    /// - Throws: what `rows` throws, `CancellationError`, or the server's error: the transaction is then failed.
    public func copyIn<Rows: AsyncSequence>(
        _ statement: Statement, timeout: Duration? = nil, rows: Rows
    ) async throws -> Int where Rows.Element == [UInt8] {
        let count = try await copyInAtTheEnd(statement, timeout: timeout, rows: rows)
        try await connection.resetTimeouts()
        return count
    }

    /// Leaves the timeout as it is, for a transaction that ends with the COPY.
    func copyInAtTheEnd<Rows: AsyncSequence>(
        _ statement: Statement, timeout: Duration?, rows: Rows
    ) async throws -> Int where Rows.Element == [UInt8] {
        try await begin()
        try checkGate()
        return try await observer.measure(statement.name, sql: statement.sql) {
            try await connection.beginCopyIn(statement, timeout: timeout ?? copyTimeout)
            do {
                for try await chunk in rows {
                    try checkGate()
                    try Task.checkCancellation()
                    try await connection.putCopyData(chunk)
                }
                try Task.checkCancellation()
                return try await connection.finishCopyIn(statement)
            } catch {
                await connection.abortCopyIn(statement)
                throw error
            }
        }
    }

    /// What a `COPY … TO STDOUT` gives, read only as fast as it is iterated. Leaving it before its end costs the
    /// transaction its connection, and so undoes it.
    /// - Parameter timeout: how long the whole COPY may take, with the time that the caller takes over it, instead
    ///   of the configured `statementTimeout`. Nil: the configured `copyTimeout`.
    public func copyOut(_ statement: Statement, timeout: Duration? = nil) -> CopyData {
        CopyData { [self] in
            let hasBegun = OnceFlag()
            return {
                if !hasBegun.isRaised { try await self.begin() }
                try self.checkGate()
                if hasBegun.raise() {
                    try await self.connection.beginCopyOut(
                        statement, timeout: timeout ?? self.copyTimeout)
                }
                if let piece = try await self.connection.nextCopyData(statement) { return piece }
                try await self.connection.resetTimeouts()
                return nil
            }
        }
    }
}

extension Database {
    /// Sends rows to a `COPY … FROM STDIN` in a transaction of its own: all of them or none.
    /// - Parameters:
    ///   - user: the acting user; PostgreSQL refuses COPY FROM under row-level security.
    ///   - timeout: how long the whole COPY may take, instead of the configured `statementTimeout`; PostgreSQL
    ///     ends it with 57014. Nil: the configured `copyTimeout`.
    public func copyIn<Rows: AsyncSequence>(
        _ statement: Statement, as user: UUID? = nil, timeout: Duration? = nil, rows: Rows
    ) async throws -> Int where Rows.Element == [UInt8] {
        try await transaction(as: user) {
            try await $0.copyInAtTheEnd(statement, timeout: timeout, rows: rows)
        }
    }

    /// What a `COPY … TO STDOUT` gives, read only as fast as it is iterated; leaving it early ends it.
    /// - Parameter timeout: how long the whole COPY may take, with the time that the caller takes over it, instead
    ///   of the configured `statementTimeout`. Nil: the configured `copyTimeout`.
    public func copyOut(
        _ statement: Statement, as user: UUID? = nil, timeout: Duration? = nil
    ) -> CopyData {
        CopyData { [self] in
            let session = StreamSession(database: self, user: user)
            let hasBegun = OnceFlag()
            return {
                try await session.step { transaction in
                    if hasBegun.raise() {
                        try await transaction.begin()
                        try await transaction.connection.beginCopyOut(
                            statement, timeout: timeout ?? self.configuration.copyTimeout)
                    }
                    return try await transaction.connection.nextCopyData(statement)
                }
            }
        }
    }
}

/// The bytes of a `COPY … TO STDOUT`, in pieces of whole rows.
public struct CopyData: AsyncSequence, Sendable {
    let open: @Sendable () -> @Sendable () async throws -> [UInt8]?

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(step: open()) }

    public struct AsyncIterator: AsyncIteratorProtocol {
        let step: @Sendable () async throws -> [UInt8]?

        public mutating func next() async throws -> [UInt8]? { try await step() }
    }
}
