import ContractKit
import DatabaseClient
import ExactTypes
import Foundation
import HTTPTypes
import ServiceKit
import SharedTypes
import StrictJSON

/// Why Portfolios does not do what it is asked.
enum PortfoliosError: Error {
    /// There is no such thing among the user's own: "portfolio", "transaction".
    case notFound(String)
    /// Another portfolio of the user has the name.
    case nameTaken
    /// The portfolio takes no postings.
    case archived
    /// Another transaction has taken this one back before.
    case alreadyReversed
    /// A reversal is not taken back: what it took back can be posted again.
    case isReversal
    /// The transaction came by an import before.
    case alreadyImported
    /// What is being posted cannot stand.
    case refused(LedgerFault)
    /// What stands after it in the books could then not stand any more.
    case breaksLater(LedgerFault)
    /// Rows of a file cannot be imported; the first is named.
    case rowsRefused([RowFault])
    /// A format of export cannot carry what the portfolio holds.
    case notCarried(String)
    /// Cash would fall below zero at the end of a moment of this day.
    case insufficientCash(Currency, missing: FixedDecimal, day: CalendarDay)
    /// Others have changed the books since it was worked out what to do with them.
    case booksChanged
    /// A figure that follows from this field would leave the range of amounts.
    case outOfRange(field: String)
}

extension PortfoliosError {
    /// What a violated constraint means, where a person can mean something by it.
    init?(_ error: DatabaseError) {
        switch error.uniqueViolation {
        case "portfolios_name_key": self = .nameTaken
        case "transactions_reverses_key": self = .alreadyReversed
        case "transactions_external_key": self = .alreadyImported
        default:
            // What a statement adds up: the amounts themselves are in range before they are sent.
            guard error.sqlState == "22003" else { return nil }
            self = .outOfRange(field: "amount")
        }
    }
}

extension PortfoliosError: ProblemConvertible {
    var problem: Problem {
        switch self {
        case .notFound(let what): .notFound(what)
        case .nameTaken: .conflict("name-taken", "Another of your portfolios has this name.")
        case .archived: .conflict("portfolio-archived", "The portfolio is archived and takes no postings.")
        case .alreadyReversed: .conflict("already-reversed", "The transaction is reversed already.")
        case .isReversal:
            .conflict("is-reversal", "A reversal is not reversed. Post the transaction again instead.")
        case .alreadyImported: .conflict("already-imported", "The transaction was imported before.")
        case .refused(let fault): fault.problem
        case .breaksLater(let fault):
            Problem(
                .unprocessableContent, "later-transaction", "A later transaction could not stand",
                detail:
                    "A transaction of \(fault.day) could then not stand: its \(fault.field) \(fault.reason).")
        case .rowsRefused(let faults): .rowsRefused(faults)
        case .notCarried(let reason):
            Problem(
                .unprocessableContent, "not-carried", "The format cannot carry this portfolio",
                detail: reason,
                field: "format")
        case .insufficientCash(let currency, let missing, let day):
            Problem(
                .unprocessableContent, "insufficient-cash", "There is not enough cash",
                detail: "\(missing) \(currency) of cash would be missing on \(day).", field: "amount")
        case .booksChanged: .booksChanged
        case .outOfRange(let field):
            Problem(
                .unprocessableContent, "out-of-range", "A figure is out of range",
                detail: "A total would have more than twenty digits before the point.", field: field)
        }
    }
}

extension Problem {
    fileprivate static let booksChanged = {
        var problem = Problem.conflict(
            "books-changed", "Others changed the portfolio while the file was planned. Nothing has happened.")
        problem.set(.retryAfter, to: "1")
        return problem
    }()
}

extension LedgerFault {
    /// What the client is told, where the fault lies with what it sent.
    fileprivate var problem: Problem {
        guard case .insufficientCash = cause else { return .invalid(field, reason) }
        return Problem(
            .unprocessableContent, "insufficient-cash", "There is not enough cash", detail: "It \(reason).",
            field: field)
    }
}
