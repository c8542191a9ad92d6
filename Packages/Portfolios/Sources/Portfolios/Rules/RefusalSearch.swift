import ExactTypes
import Foundation
import SharedTypes

/// Finds which of many new transactions the books cannot take, all in one replay: what is refused is left out, and
/// the replay goes on.
///
/// What comes after a refused transaction is judged as if that had never been, as far as a replay that goes forward
/// can tell; a second search without what the first refused shows whether the rest stands.
struct RefusalSearch {
    /// Why a new transaction cannot be posted.
    struct Refusal: Sendable, Hashable {
        let transactionID: Transaction.ID
        /// Its own, or that of a stored transaction which could then not stand any more.
        let fault: LedgerFault
        var isOwn: Bool { fault.transactionID == transactionID }
    }

    /// What a new transaction took out of the cash account.
    private struct Spending {
        let transaction: LedgerTransaction
        let amount: FixedDecimal
    }

    private(set) var refusals: [Refusal] = []
    private let new: Set<Transaction.ID>
    private var portfolio: PortfolioBook
    /// The new transactions that took effect so far, by instrument, the last one last.
    private var taken: [Instrument.ID: [LedgerTransaction]] = [:]
    /// Those that took cash, likewise.
    private var spendings: [Currency: [Spending]] = [:]

    /// Searches among all transactions in the order in which they take effect.
    ///
    /// Throws a `LedgerFault` where a stored transaction cannot stand and no new one can be why, and what
    /// `checkCancellation` throws, which is asked at each transaction.
    ///
    /// - Parameter limit: After so many refusals the search ends.
    static func refusals(
        of new: [LedgerTransaction], among stored: [LedgerTransaction], method: CostBasisMethod,
        tracksCash: Bool, limit: Int, checkCancellation: () throws -> Void
    ) throws -> [Refusal] {
        var search = RefusalSearch(
            new: Set(new.map(\.id)), portfolio: PortfolioBook(method: method, tracksCash: tracksCash))
        var spends: [Currency: LedgerTransaction] = [:]
        var moment: Date?
        for transaction in LedgerTransaction.effective(stored + new) {
            try checkCancellation()
            if transaction.effectiveAt != moment {
                try search.refuseShortages(spends)
                (spends, moment) = ([:], transaction.effectiveAt)
            }
            guard search.refusals.count < limit else { return Array(search.refusals.prefix(limit)) }
            try search.take(transaction, &spends)
        }
        try search.refuseShortages(spends)
        return Array(search.refusals.prefix(limit))
    }

    private init(new: Set<Transaction.ID>, portfolio: PortfolioBook) {
        self.new = new
        self.portfolio = portfolio
    }

    private mutating func take(
        _ transaction: LedgerTransaction, _ spends: inout [Currency: LedgerTransaction]
    ) throws(LedgerFault) {
        let (isNew, currency) = (new.contains(transaction.id), transaction.currency)
        let before = portfolio.cash[currency] ?? .zero
        do {
            try portfolio.take(transaction, &spends)
        } catch {
            guard !isNew else { return refusals.append(Refusal(transactionID: transaction.id, fault: error)) }
            try blame(error, of: transaction)
            // Its cash was there, whatever the search makes of its lots.
            if portfolio.tracksCash { try portfolio.moveCash(transaction) }
            return
        }
        guard isNew else { return }
        if let instrument = transaction.instrumentID { taken[instrument, default: []].append(transaction) }
        let amount = try transaction.checked { () throws(ArithmeticError) in
            try before - (portfolio.cash[currency] ?? .zero)
        }
        if amount.isPositive {
            spendings[currency, default: []].append(Spending(transaction: transaction, amount: amount))
        }
    }

    /// Refuses the new transactions that may be why a stored one cannot stand: the last before it; where units are
    /// missing, as many as took them.
    private mutating func blame(_ fault: LedgerFault, of stored: LedgerTransaction) throws(LedgerFault) {
        var missing: FixedDecimal?
        if case .insufficientQuantity = fault.cause { missing = fault.shortage }
        var isLaid = false
        while let instrument = stored.instrumentID, let last = taken[instrument]?.popLast() {
            if missing != nil && !last.takesUnits { continue }
            refusals.append(Refusal(transactionID: last.id, fault: fault))
            isLaid = true
            guard let left = missing, let units = last.quantity, let rest = try? left - units, rest.isPositive
            else { break }
            missing = rest
        }
        // What is missing may be missing because the search has left something out; the next one will tell.
        guard isLaid || !refusals.isEmpty else { throw fault }
    }

    /// Refuses what spent cash that is not there at the end of a moment: the last of the new transactions, and more
    /// of them until the rest is covered.
    ///
    /// - Parameter spends: The last transaction of the moment that spent of each currency.
    private mutating func refuseShortages(_ spends: [Currency: LedgerTransaction]) throws(LedgerFault) {
        for (currency, spender) in spends.sorted(by: { $0.key < $1.key }) {
            while let balance = portfolio.cash[currency], balance.isNegative {
                let cause = LedgerFault.Cause.insufficientCash(currency: currency, shortage: -balance)
                let last = spendings[currency]?.popLast()
                guard last != nil || !refusals.isEmpty else { throw LedgerFault(spender, cause) }
                if let transaction = last?.transaction {
                    let isOfMoment = transaction.effectiveAt == spender.effectiveAt
                    let fault = LedgerFault(isOfMoment ? transaction : spender, cause)
                    refusals.append(Refusal(transactionID: transaction.id, fault: fault))
                }
                // Without a new spender to refuse, the search itself has left out what was paid in.
                try spender.checked { () throws(ArithmeticError) in
                    try portfolio.giveBack(last?.amount ?? -balance, in: currency)
                }
            }
        }
    }
}

extension LedgerTransaction {
    /// Whether fewer units may be held after it than before.
    fileprivate var takesUnits: Bool { type == .sell || type == .transferOut || type == .split }
}
