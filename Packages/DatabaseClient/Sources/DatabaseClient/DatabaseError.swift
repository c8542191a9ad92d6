import CLibPQ

/// What can go wrong between a program and its database.
public enum DatabaseError: Error, Sendable, Equatable {
    /// PostgreSQL refused: its code, its constraint, never a value.
    case server(ServerError)
    /// No connection, or a read that was cut off: nothing has happened, it may be tried again.
    case unavailable(String)
    /// A write whose answer did not arrive: it may or may not have happened. Never retried silently.
    case outcomeUnknown(statement: String)
    /// No connection became free within the acquire deadline.
    case poolTimeout
    /// More callers wait than the pool's queue admits.
    case poolQueueFull
    case poolClosed
    /// The transaction has ended; nothing more may be sent on it.
    case transactionClosed
    /// COMMIT answered ROLLBACK: a statement had failed inside and the failure was swallowed.
    case transactionAborted
    /// A table changed under a prepared statement, in a transaction that the client could not repeat by itself. Nothing
    /// has happened; it may be run again.
    case stalePlan(statement: String)
    case decoding(statement: String, column: String, reason: String)
    case encoding(parameter: Int, reason: String)
    case unexpectedRowCount(statement: String, count: Int)
}

/// An error that PostgreSQL reported. The text of `detail` can quote values, so it is not kept.
public struct ServerError: Error, Sendable, Equatable {
    /// The five-character code, as `23505`.
    public let sqlState: String
    /// ERROR, FATAL or PANIC.
    public let severity: String
    public let message: String
    public let hint: String?
    public let schema: String?
    public let table: String?
    public let column: String?
    public let constraint: String?
    /// Where in the statement's text the fault lies, in characters from 1.
    public let position: Int?
    /// The statement's name.
    public let statement: String

    init(_ result: OpaquePointer, statement: String) {
        func field(_ code: Character) -> String? {
            PQresultErrorField(result, Int32(code.asciiValue ?? 0)).map { String(cString: $0) }
        }
        sqlState = field("C") ?? "58000"
        severity = field("V") ?? field("S") ?? "ERROR"
        message = field("M") ?? String(cString: PQresultErrorMessage(result))
        hint = field("H")
        schema = field("s")
        table = field("t").map(Self.withoutShard)
        column = field("c")
        constraint = (field("n") ?? Self.constraint(named: message, sqlState)).map(Self.withoutShard)
        position = field("P").flatMap { Int($0) }
        self.statement = statement
    }

    /// The constraint that a message ends with, where an error has passed through a node of a Citus cluster, which keeps
    /// the code and the message of what another node says and no other field.
    static func constraint(named message: String, _ sqlState: String) -> String? {
        guard ["23503", "23505", "23514"].contains(sqlState), message.hasSuffix("\"") else { return nil }
        return message.dropLast().split(separator: "\"").last.map(String.init)
    }

    /// The name of a table or a constraint as its schema has it: a node of a Citus cluster says it with the number of its
    /// shard behind it, as in `portfolios_name_key_102128`.
    static func withoutShard(_ name: String) -> String {
        guard let mark = name.lastIndex(of: "_") else { return name }
        let number = name[name.index(after: mark)...]
        let isShard = number.utf8.count >= 6 && number.utf8.allSatisfy { (0x30...0x39).contains($0) }
        return isShard ? String(name[..<mark]) : name
    }
}

extension DatabaseError {
    /// The code of a server's error.
    public var sqlState: String? {
        guard case .server(let error) = self else { return nil }
        return error.sqlState
    }

    /// The constraint, where a unique or primary key was violated.
    public var uniqueViolation: String? { constraint(of: "23505") }
    public var foreignKeyViolation: String? { constraint(of: "23503") }
    public var checkViolation: String? { constraint(of: "23514") }

    /// Serialization failure or deadlock: the whole transaction may be run again.
    public var isSerializationFailure: Bool { sqlState == "40001" || sqlState == "40P01" }

    private func constraint(of code: String) -> String? {
        guard case .server(let error) = self, error.sqlState == code else { return nil }
        return error.constraint
    }
}

extension DatabaseError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .server(let error):
            "\(error.statement): \(error.message) (SQLSTATE \(error.sqlState)"
                + (error.constraint.map { ", constraint \($0)" } ?? "")
                + (error.table.map { ", table \($0)" } ?? "") + ")"
        case .unavailable(let reason): "the database is unavailable: \(reason)"
        case .outcomeUnknown(let statement):
            "\(statement): the connection was lost before the answer arrived; the outcome is unknown"
        case .poolTimeout: "no database connection became free in time"
        case .poolQueueFull: "too many callers already wait for a database connection"
        case .poolClosed: "the database pool is closed"
        case .transactionClosed: "the transaction has already ended"
        case .transactionAborted: "a statement failed inside the transaction, so nothing was committed"
        case .stalePlan(let statement): "\(statement): a table was changed while the transaction ran"
        case .decoding(let statement, let column, let reason): "\(statement): column \(column) \(reason)"
        case .encoding(let parameter, let reason): "parameter $\(parameter): \(reason)"
        case .unexpectedRowCount(let statement, let count): "\(statement): \(count) rows, expected one"
        }
    }
}
