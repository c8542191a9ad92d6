import ContractKit
import DatabaseClient

extension Problem {
    /// What a client is told of a failure of the database that is nobody's mistake; nil for one that is the
    /// program's.
    init?(_ error: DatabaseError) {
        switch error {
        case .unavailable, .poolTimeout, .poolQueueFull, .poolClosed:
            self = .databaseUnavailable("The database cannot be reached. Nothing has happened.")
        case .outcomeUnknown: self = .outcomeUnknown
        case .server(let error):
            guard let problem = Problem(sqlState: error.sqlState) else { return nil }
            self = problem
        case .stalePlan:
            self = .unavailable(
                "contention", "A table was changed while the request ran. Nothing has happened; try again.")
        case .transactionClosed, .transactionAborted, .decoding, .encoding, .unexpectedRowCount: return nil
        }
    }

    /// By the codes of PostgreSQL's appendix A. A statement that one of these has failed has changed nothing.
    private init?(sqlState: String) {
        switch sqlState {
        case "40003": self = .outcomeUnknown
        case _ where sqlState.hasPrefix("40"), "55P03":
            self = .unavailable(
                "contention", "Others changed the same data. Nothing has happened; try again.")
        // Canceled, or a transaction was left idle or open for too long.
        case "57014", "25P03", "25P04":
            self = .unavailable("timeout", "The request took too long and was cancelled.")
        // No disk, no memory, no connection, no lock left. It lasts longer than a moment.
        case _ where sqlState.hasPrefix("53"):
            self = .databaseUnavailable(
                "The database is short of disk space, memory or connections. Nothing has happened.",
                retryAfter: 5)
        // Shutting down, starting, or broken off; or a server that follows another and only reads.
        case _ where sqlState.hasPrefix("57P") || sqlState.hasPrefix("08"), "25006":
            self = .databaseUnavailable(
                "The database takes no work at present. Nothing has happened.", retryAfter: 5)
        default: return nil
        }
    }

    private static func databaseUnavailable(_ detail: String, retryAfter seconds: Int = 1) -> Problem {
        .unavailable("database-unavailable", detail, retryAfter: seconds)
    }

    private static let outcomeUnknown = Problem.unavailable(
        "outcome-unknown",
        "The connection to the database was lost before it answered. Retry with the same "
            + "Idempotency-Key: what has happened already will not happen twice.")
}
