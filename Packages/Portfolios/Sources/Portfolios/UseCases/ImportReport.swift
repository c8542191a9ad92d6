import ExactTypes
import PortfoliosContract
import SharedTypes

/// What an import did, or would do, row by row.
struct ImportReport: Sendable {
    /// What becomes of a row.
    enum Outcome: Sendable, Hashable {
        /// It becomes a transaction.
        case new
        /// The portfolio has it already, by an import before.
        case known
        case refused(RowFault)
    }

    /// One row of the file.
    struct Row: Sendable {
        let number: Int
        /// Nil where the row was not understood.
        let activity: ImportedActivity?
        var outcome: Outcome
    }

    let format: PortfoliosAPI.ActivityFormat
    let ignored: [String]
    var rows: [Row]
    /// The instruments that are registered for it, private to the user.
    var registered: [ActivityListing] = []

    var faults: [RowFault] {
        rows.compactMap { row in
            guard case .refused(let fault) = row.outcome else { return nil }
            return fault
        }
    }

    func count(_ outcome: Outcome) -> Int { rows.count { $0.outcome == outcome } }
}
