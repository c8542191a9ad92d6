public import Foundation
import Synchronization

/// The rows of a SELECT, fetched in pieces through a cursor, so that memory stays constant however many there
/// are and however slowly they are taken. Leaving it early costs nothing but the cursor.
public struct RowStream: AsyncSequence, Sendable {
    let open: @Sendable () -> @Sendable () async throws -> QueryResult?

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(step: open()) }

    public struct AsyncIterator: AsyncIteratorProtocol {
        let step: @Sendable () async throws -> QueryResult?
        private var piece: QueryResult?
        private var index = 0

        init(step: @escaping @Sendable () async throws -> QueryResult?) { self.step = step }

        public mutating func next() async throws -> Row? {
            if let piece, index < piece.rowCount {
                defer { index += 1 }
                return piece[index]
            }
            // An empty piece never comes, so each call fetches at most once.
            piece = try await step()
            index = 1
            return piece.map { $0[0] }
        }
    }
}

extension DatabaseTransaction {
    /// The rows of a SELECT as they are asked for. Other statements may run on the transaction meanwhile.
    /// - Parameter rowsAtOnce: how many rows one round trip fetches, and so how many memory holds.
    public func stream(
        _ statement: Statement, _ parameters: Parameters, rowsAtOnce: Int = 500
    ) -> RowStream {
        RowStream { [self] in
            let cursor = Cursor(statement: statement, parameters: parameters, rowsAtOnce: rowsAtOnce)
            return { try await cursor.fetch(on: self) }
        }
    }
}

extension Database {
    /// The rows of a SELECT as they are asked for, in a read-only transaction of its own that ends with the last
    /// row, or with the iterator.
    /// - Parameters:
    ///   - timeout: how long fetching one piece may take, and how long the caller may take over one, instead of
    ///     the configured `statementTimeout`. Nil: the configured `copyTimeout`.
    ///   - rowsAtOnce: how many rows one round trip fetches, and so how many memory holds.
    public func stream(
        _ statement: Statement, _ parameters: Parameters, as user: UUID? = nil, rowsAtOnce: Int = 500,
        timeout: Duration? = nil
    ) -> RowStream {
        RowStream { [self] in
            let session = StreamSession(database: self, user: user)
            let cursor = Cursor(statement: statement, parameters: parameters, rowsAtOnce: rowsAtOnce)
            let limit = timeout ?? configuration.copyTimeout
            return { try await session.step { try await cursor.fetch(on: $0, timeout: limit) } }
        }
    }
}

/// A cursor on the server, declared with the first fetch.
private final class Cursor: Sendable {
    private static let count = Atomic(0)

    private let name: String
    private let statement: Statement
    private let parameters: Parameters
    private let rowsAtOnce: Int
    private let isDeclared = OnceFlag()
    private let isAtEnd = Mutex(false)

    init(statement: Statement, parameters: Parameters, rowsAtOnce: Int) {
        name = "c\(Self.count.add(1, ordering: .relaxed).newValue)"
        self.statement = statement
        self.parameters = parameters
        self.rowsAtOnce = max(1, rowsAtOnce)
    }

    /// The next rows; nil where there are none.
    /// - Parameter timeout: for a transaction of the stream's own; nil leaves another's as it is.
    func fetch(on transaction: DatabaseTransaction, timeout: Duration? = nil) async throws -> QueryResult? {
        if !isDeclared.isRaised { try await transaction.begin() }
        try transaction.checkGate()
        guard !isAtEnd.withLock({ $0 }) else { return nil }
        var commands: [Command] = []
        if isDeclared.raise() {
            if let timeout { try await transaction.connection.setTimeouts(timeout) }
            commands.append(
                .onBehalf(
                    of: statement, sql: "DECLARE \(name) NO SCROLL CURSOR FOR \(statement.sql)", parameters))
        }
        commands.append(
            .onBehalf(of: statement, sql: "FETCH \(rowsAtOnce) FROM \(name)", Parameters()))
        let rows = try await transaction.observer.measure(statement.name, sql: statement.sql) {
            try await transaction.connection.perform(commands, access: .read).last.unwrap(statement.name)
        }
        if rows.rowCount < rowsAtOnce {
            isAtEnd.withLock { $0 = true }
            let close = Command.onBehalf(of: statement, sql: "CLOSE \(name)", Parameters())
            _ = try await transaction.connection.perform([close], access: .read)
        }
        return rows.rowCount == 0 ? nil : rows
    }
}
