public import Foundation

extension DatabaseTransaction {
    /// Sends rows to a `COPY … FROM STDIN`; the format is the statement's. Nothing else may run on this
    /// transaction meanwhile.
    /// - Parameter rows: pieces of any size, asked for only when the last has been taken.
    /// - Returns: how many rows PostgreSQL took.
    /// - Throws: what `rows` throws, `CancellationError`, or the server's error: the transaction is then failed.
    public func copyIn<Rows: AsyncSequence>(_ statement: Statement, rows: Rows) async throws -> Int
    where Rows.Element == [UInt8] {
        try checkGate()
        try await connection.beginCopyIn(statement)
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

    /// What a `COPY … TO STDOUT` gives, read only as fast as it is iterated. Leaving it before its end costs the
    /// transaction its connection, and so undoes it.
    public func copyOut(_ statement: Statement) -> CopyData {
        CopyData { [self] in
            let hasBegun = OnceFlag()
            return {
                try self.checkGate()
                if hasBegun.raise() { try await self.connection.beginCopyOut(statement) }
                return try await self.connection.nextCopyData(statement)
            }
        }
    }
}

extension Database {
    /// Sends rows to a `COPY … FROM STDIN` in a transaction of its own: all of them or none.
    /// - Parameter user: the acting user; PostgreSQL refuses COPY FROM under row-level security.
    public func copyIn<Rows: AsyncSequence>(
        _ statement: Statement, as user: UUID? = nil, rows: Rows
    ) async throws -> Int where Rows.Element == [UInt8] {
        try await transaction(as: user) { try await $0.copyIn(statement, rows: rows) }
    }

    /// What a `COPY … TO STDOUT` gives, read only as fast as it is iterated; leaving it early ends it.
    public func copyOut(_ statement: Statement, as user: UUID? = nil) -> CopyData {
        CopyData { [self] in
            let session = StreamSession(database: self, user: user)
            let hasBegun = OnceFlag()
            return {
                try await session.step { transaction in
                    if hasBegun.raise() { try await transaction.connection.beginCopyOut(statement) }
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
