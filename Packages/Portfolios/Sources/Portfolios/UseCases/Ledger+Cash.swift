import DatabaseClient
import ExactTypes
import Foundation
import SharedTypes

extension Ledger {
    /// The balances of the currencies whose cash the postings move, as they are afterwards.
    ///
    /// Cash may not fall below zero at the end of any moment, so a backdated withdrawal counts on all days since.
    /// Within a moment the order is no matter: a file that knows only days may name a purchase before the sale
    /// that paid for it. Throws `.insufficientCash` naming the first such day.
    func cashBalances(
        after postings: [TransactionPosting], of change: LedgerChange
    ) async throws -> [Currency: FixedDecimal] {
        let executions = change.executions
        var movements: [Currency: [Date: FixedDecimal]] = [:]
        for posting in postings {
            guard case .currency(let currency) = posting.posting.commodity,
                let moment = executions[posting.transactionID],
                let amount = posting.posting.cashMovement
            else { continue }
            let before = movements[currency]?[moment] ?? .zero
            movements[currency, default: [:]][moment] = try before + amount
        }
        guard let earliest = movements.values.flatMap(\.keys).min() else { return [:] }

        let stored = try await transaction.listCashBalances(userID: userID, portfolioID: portfolio.id)
        var balances = Dictionary(uniqueKeysWithValues: stored.map { ($0.currency, $0.balance) })
            .filter { movements[$0.key] != nil }
        for (currency, moments) in movements {
            for amount in moments.values { balances[currency] = try (balances[currency] ?? .zero) + amount }
        }
        let later = try await transaction.listCashMovements(
            userID: userID, portfolioID: portfolio.id, afterAt: earliest)
        for row in later where movements[row.currency] != nil {
            let before = movements[row.currency]?[row.executedAt] ?? .zero
            movements[row.currency]?[row.executedAt] = try before + row.amount
        }
        for (currency, moments) in movements.sorted(by: { $0.key < $1.key }) {
            try refuseShortage(of: currency, moments, endingAt: balances[currency] ?? .zero)
        }
        return balances
    }

    /// Walks back from the balance that stands in the end, to what stood at the end of each moment.
    private func refuseShortage(
        of currency: Currency, _ movements: [Date: FixedDecimal], endingAt end: FixedDecimal
    ) throws {
        var balance = end
        var shortage: (missing: FixedDecimal, moment: Date)?
        for (moment, amount) in movements.sorted(by: { $0.key > $1.key }) {
            if balance.isNegative { shortage = (-balance, moment) }
            balance = try balance - amount
        }
        guard let shortage else { return }
        throw PortfoliosError.insufficientCash(
            currency, missing: shortage.missing, day: CalendarDay(utc: shortage.moment))
    }
}

extension LedgerPosting {
    /// What it brings into the cash account, negative where it takes; nil where it leaves the account alone.
    fileprivate var cashMovement: FixedDecimal? {
        if to == .cash { return amount }
        return from == .cash ? -amount : nil
    }
}
