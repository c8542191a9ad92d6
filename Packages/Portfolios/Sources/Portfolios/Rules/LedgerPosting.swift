import ExactTypes
import SharedTypes

/// What a posting moves: money of one currency, or units of one instrument.
enum Commodity: Sendable, Hashable {
    case currency(Currency)
    case instrument(Instrument.ID)
}

/// One movement between two accounts of a portfolio. It has both its sides in itself, so that a ledger of
/// postings is balanced by construction.
struct LedgerPosting: Sendable, Hashable {
    let from: PostingAccount
    let to: PostingAccount
    let commodity: Commodity
    /// Always greater than zero.
    let amount: FixedDecimal

    /// The movement back.
    var reversed: LedgerPosting { LedgerPosting(from: to, to: from, commodity: commodity, amount: amount) }
}

/// The postings of transactions.
enum Postings {
    /// What a transaction moves.
    ///
    /// A portfolio that does not track cash settles with the outside world: a price that is paid from outside to
    /// outside is no movement of the portfolio, so it is left out, while fees and income are still posted.
    /// Money that passes through the cash account is rounded half-even to the currency's minor units, since
    /// that is what settles; of several fees it is the sum that settles, so that a replay, which knows only the
    /// sum, comes to the same cent. A split moves nothing by itself: see `settling`.
    static func postings(
        for transaction: LedgerTransaction, tracksCash: Bool
    ) throws(ArithmeticError) -> [LedgerPosting] {
        let money: PostingAccount = tracksCash ? .cash : .external
        let currency = transaction.currency
        let gross = Leg(.currency(currency), settled(transaction.grossAmount, currency, tracksCash))
        let units = Leg(
            transaction.instrumentID.map { .instrument($0) } ?? .currency(currency),
            transaction.quantity ?? .zero)
        let legs: [LedgerPosting?] =
            switch transaction.type {
            case .deposit: [gross.move(.external, .cash)]
            case .withdrawal: [gross.move(.cash, .external)]
            case .buy: [gross.move(money, .external), units.move(.external, .asset)]
            case .sell: [units.move(.asset, .external), gross.move(.external, money)]
            case .dividend, .interest: [gross.move(.income, money)]
            case .fee: [gross.move(money, .fee)]
            case .transferIn: [units.move(.external, .asset)]
            case .transferOut: [units.move(.asset, .external)]
            case .returnOfCapital: [gross.move(.external, money)]
            case .adjustment: [units.move(.opening, .asset)]
            case .split: []
            }
        var fees = FixedDecimal.zero
        for fee in transaction.fees { fees = try fees + fee.amount }
        let fee = Leg(.currency(currency), settled(fees, currency, tracksCash)).move(money, .fee)
        return (legs + [fee]).compactMap { $0 }
    }

    /// The posting that brings the asset account to what the lots say, where a transaction changed them by
    /// `difference` more than its own units: a split, or a trade dated before a split that is known already.
    static func settling(_ difference: Quantity, of instrument: Instrument.ID) -> LedgerPosting? {
        let units = Leg(.instrument(instrument), difference.magnitude)
        return difference.isNegative ? units.move(.asset, .opening) : units.move(.opening, .asset)
    }

    /// What stands in an account, by commodity: what came in less what went out.
    static func balances(
        of account: PostingAccount, _ postings: some Sequence<LedgerPosting>
    ) throws(ArithmeticError) -> [Commodity: FixedDecimal] {
        var balances: [Commodity: FixedDecimal] = [:]
        for posting in postings {
            let before = balances[posting.commodity] ?? .zero
            if posting.to == account {
                balances[posting.commodity] = try before + posting.amount
            } else if posting.from == account {
                balances[posting.commodity] = try before - posting.amount
            }
        }
        return balances
    }

    private static func settled(_ amount: FixedDecimal, _ currency: Currency, _ tracksCash: Bool)
        -> FixedDecimal
    {
        tracksCash ? amount.rounded(toDecimals: currency.minorUnits) : amount
    }

    private struct Leg {
        let commodity: Commodity
        let amount: FixedDecimal

        init(_ commodity: Commodity, _ amount: FixedDecimal) {
            self.commodity = commodity
            self.amount = amount
        }

        func move(_ from: PostingAccount, _ to: PostingAccount) -> LedgerPosting? {
            guard amount.isPositive, from != to else { return nil }
            return LedgerPosting(from: from, to: to, commodity: commodity, amount: amount)
        }
    }
}
