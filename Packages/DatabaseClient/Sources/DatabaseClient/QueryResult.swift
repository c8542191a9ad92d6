import CLibPQ
import Glibc

/// The rows, or the count, that one statement gave.
public final class QueryResult: @unchecked Sendable {
    // @unchecked is sound: libpq never changes a PGresult once PQgetResult has returned it, reading one is
    // thread-safe, and only this object, which owns it, clears it.
    let raw: OpaquePointer
    /// The statement's name, for errors.
    let statement: String
    /// It stands for the answer to a statement that is not waited for.
    private let isDeferred: Bool

    public let rowCount: Int
    public let columnCount: Int

    init(_ raw: OpaquePointer, statement: String, isDeferred: Bool = false) {
        self.raw = raw
        self.isDeferred = isDeferred
        rowCount = Int(PQntuples(raw))
        columnCount = Int(PQnfields(raw))
        self.statement = statement
    }

    deinit { PQclear(raw) }

    /// What a statement gives that is not waited for: nothing may be read from it.
    static func deferred(_ statement: String) throws(DatabaseError) -> QueryResult {
        guard let raw = PQmakeEmptyPGresult(nil, PGRES_COMMAND_OK) else {
            throw .unavailable("libpq is out of memory")
        }
        return QueryResult(raw, statement: statement, isDeferred: true)
    }

    private func requireAnswer() throws(DatabaseError) {
        guard isDeferred else { return }
        throw .decoding(
            statement: statement, column: "1", reason: "is of a statement that was not waited for")
    }

    /// Rows that an INSERT, UPDATE, DELETE or MERGE touched.
    public var affectedRows: Int {
        get throws {
            try requireAnswer()
            return PQcmdTuples(raw).flatMap { Int(String(cString: $0)) } ?? 0
        }
    }

    /// The command tag, as `COMMIT`, `ROLLBACK` or `UPDATE 3`.
    var command: String { PQcmdStatus(raw).map { String(cString: $0) } ?? "" }

    /// How much memory it takes.
    var byteCount: Int { PQresultMemorySize(raw) }

    /// The same answer: tag, rows and bytes.
    func isSame(as other: QueryResult) -> Bool {
        guard command == other.command, rowCount == other.rowCount, columnCount == other.columnCount else {
            return false
        }
        return (0..<Int32(rowCount)).allSatisfy { row in
            (0..<Int32(columnCount)).allSatisfy { column in
                let length = PQgetlength(raw, row, column)
                guard PQgetisnull(raw, row, column) == PQgetisnull(other.raw, row, column),
                    length == PQgetlength(other.raw, row, column)
                else { return false }
                return length == 0
                    || memcmp(
                        PQgetvalue(raw, row, column), PQgetvalue(other.raw, row, column), Int(length)) == 0
            }
        }
    }

    public subscript(index: Int) -> Row { Row(result: self, index: index) }

    public func columnName(_ column: Int) -> String {
        PQfname(raw, Int32(column)).map { String(cString: $0) } ?? ""
    }

    /// The only row; throws ``DatabaseError/unexpectedRowCount(statement:count:)`` unless there is exactly one.
    public func one<T>(_ decode: (Row) throws -> T) throws -> T {
        try requireAnswer()
        guard rowCount == 1 else {
            throw DatabaseError.unexpectedRowCount(statement: statement, count: rowCount)
        }
        return try decode(self[0])
    }

    /// The only row or nil; throws where there are more.
    public func optional<T>(_ decode: (Row) throws -> T) throws -> T? {
        try requireAnswer()
        guard rowCount <= 1 else {
            throw DatabaseError.unexpectedRowCount(statement: statement, count: rowCount)
        }
        return rowCount == 0 ? nil : try decode(self[0])
    }

    public func many<T>(_ decode: (Row) throws -> T) throws -> [T] {
        try requireAnswer()
        return try (0..<rowCount).map { try decode(self[$0]) }
    }
}
