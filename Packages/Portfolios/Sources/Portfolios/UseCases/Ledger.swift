import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

/// The books of one portfolio, held alone until the transaction ends.
///
/// Whatever is recorded at once counts at once: a correction is not refused because a sale lacks what the
/// reversal takes and the new transaction brings back, and an import is checked as a whole.
struct Ledger {
    let context: OperationContext
    let events: EventLog
    let portfolio: PortfolioRow

    var transaction: DatabaseTransaction { context.transaction }
    var now: Date { context.now }
    var userID: User.ID { portfolio.userID }

    /// Locks a portfolio for postings, and raises the revision of its books; throws `.notFound` and `.archived`.
    static func open(
        _ portfolioID: Portfolio.ID, events: EventLog, in context: OperationContext
    ) async throws -> Ledger {
        let portfolio = try await context.transaction.openBooks(
            userID: try context.user, portfolioID: portfolioID)
        guard let portfolio else {
            throw PortfoliosError.notFound("portfolio")
        }
        guard portfolio.archivedAt == nil else { throw PortfoliosError.archived }
        return Ledger(context: context, events: events, portfolio: portfolio)
    }

    /// Posts transactions and takes others back, all of them or none, and appends their events. The transactions
    /// are valid, as `draft` and an import's plan leave them.
    ///
    /// Throws `.refused` for what cannot stand itself, `.breaksLater` where a later transaction could not stand
    /// any more, and `.insufficientCash`.
    @discardableResult
    func record(_ change: LedgerChange) async throws -> RecordedChange {
        do {
            var postings = try await ownPostings(of: change)
            let rebookings = try await rebook(change, postings)
            postings += rebookings.compactMap(\.settling)
            let cash = try await cashBalances(after: postings, of: change)
            try await store(change, rebookings, postings, cash)
            try await appendEvents(for: change)
            return RecordedChange(postings, in: portfolio, at: now)
        } catch let fault as LedgerFault {
            let isOwn = change.posts.contains { $0.entry.id == fault.transactionID }
            throw isOwn ? PortfoliosError.refused(fault) : PortfoliosError.breaksLater(fault)
        } catch is ArithmeticError {
            throw PortfoliosError.outOfRange(field: "amount")
        }
    }
}

/// What happens to the books at once.
struct LedgerChange: Sendable {
    /// A transaction that takes another back.
    struct Reversal: Sendable {
        let id: Transaction.ID
        let original: TransactionRow
        let note: String?
    }

    var posts: [TransactionDraft] = []
    var reversals: [Reversal] = []

    /// The instruments whose lots may change, in the order of their ids.
    var instruments: [Instrument.ID] {
        Set(posts.compactMap(\.entry.instrumentID) + reversals.compactMap(\.original.instrumentID)).sorted()
    }

    /// When each transaction was executed; a reversal counts from the moment of what it takes back.
    var executions: [Transaction.ID: Date] {
        var executions: [Transaction.ID: Date] = [:]
        for draft in posts { executions[draft.entry.id] = draft.entry.executedAt }
        for reversal in reversals { executions[reversal.id] = reversal.original.executedAt }
        return executions
    }
}

/// A posting and the transaction that it belongs to.
struct TransactionPosting: Sendable {
    let transactionID: Transaction.ID
    let posting: LedgerPosting
}

extension Ledger {
    /// What the transactions move by themselves. A reversal moves back what the original moved, whatever that
    /// was when it was posted.
    private func ownPostings(of change: LedgerChange) async throws -> [TransactionPosting] {
        var postings = try change.posts.flatMap { draft in
            try Postings.postings(for: draft.entry, tracksCash: portfolio.tracksCash).map {
                TransactionPosting(transactionID: draft.entry.id, posting: $0)
            }
        }
        guard !change.reversals.isEmpty else { return postings }
        let reversals = Dictionary(uniqueKeysWithValues: change.reversals.map { ($0.original.id, $0.id) })
        let originals = try await transaction.listPostings(
            userID: userID, portfolioID: portfolio.id, transactionIDs: Array(reversals.keys))
        for row in originals {
            guard let reversal = reversals[row.transactionID], let posting = LedgerPosting(row) else {
                continue
            }
            postings.append(TransactionPosting(transactionID: reversal, posting: posting.reversed))
        }
        return postings
    }
}

extension LedgerPosting {
    /// A stored posting; a constraint sees to it that it has exactly one commodity.
    init?(_ row: ListPostingsRow) {
        guard
            let commodity = row.currency.map(Commodity.currency) ?? row.instrumentID.map(Commodity.instrument)
        else { return nil }
        self.init(from: row.fromAccount, to: row.toAccount, commodity: commodity, amount: row.amount)
    }
}

/// What a change left in the books, as a read after it finds it. Nothing of it is read back.
struct RecordedChange: Sendable {
    private let portfolio: PortfolioRow
    private let now: Date
    private let postings: [Transaction.ID: [TransactionPosting]]

    init(_ postings: [TransactionPosting], in portfolio: PortfolioRow, at now: Date) {
        self.portfolio = portfolio
        self.now = now
        self.postings = Dictionary(grouping: postings, by: \.transactionID)
    }

    /// A transaction that the change posted.
    func detail(of draft: TransactionDraft) -> TransactionDetail {
        let entry = draft.entry
        return TransactionDetail(
            transaction: row(StoredTransaction(draft)),
            fees: draft.fees.map {
                ListFeesRow(
                    transactionID: entry.id, kind: $0.kind, amount: $0.amount, currency: entry.currency)
            },
            lots: entry.lots.sorted { $0.lot < $1.lot }.map {
                ListLotSelectionsRow(transactionID: entry.id, openedBy: $0.lot, quantity: $0.quantity)
            },
            postings: postings(of: entry.id))
    }

    /// A transaction by which the change took another back. It has no fees and no lots of its own.
    func detail(of reversal: LedgerChange.Reversal) -> TransactionDetail {
        TransactionDetail(
            transaction: row(StoredTransaction(reversal)), fees: [], lots: [],
            postings: postings(of: reversal.id))
    }

    private func postings(of id: Transaction.ID) -> [ListPostingsRow] {
        (postings[id] ?? []).map {
            ListPostingsRow(
                transactionID: id, fromAccount: $0.posting.from, toAccount: $0.posting.to,
                currency: $0.posting.commodity.currency, instrumentID: $0.posting.commodity.instrumentID,
                amount: $0.posting.amount)
        }
    }

    private func row(_ stored: StoredTransaction) -> TransactionRow {
        TransactionRow(
            userID: portfolio.userID, id: stored.id, portfolioID: portfolio.id, type: stored.type,
            status: .completed, instrumentID: stored.instrumentID, quantity: stored.quantity,
            unitPrice: stored.unitPrice, grossAmount: stored.grossAmount, currency: stored.currency,
            fxRate: stored.fxRate, splitFrom: stored.splitFrom, splitTo: stored.splitTo,
            executedAt: stored.executedAt, basketInvestmentID: nil, externalSource: stored.externalSource,
            externalID: stored.externalID, reverses: stored.reverses, note: stored.note, createdAt: now,
            updatedAt: now)
    }
}
