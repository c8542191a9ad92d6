import ExactTypes
import SharedTypes

/// A holding as the contract shows it.
struct HoldingAnswer: Encodable {
    let instrumentID: Instrument.ID
    let symbol: String
    let name: String
    let quantity: FixedDecimal
    let currency: Currency
    let costBasis: FixedDecimal
    let basisFees: FixedDecimal
    let averageCost: FixedDecimal
    let realizedGain: FixedDecimal
    let income: FixedDecimal
    let fees: FixedDecimal

    init(_ row: ListHoldingsRow) {
        instrumentID = row.instrumentID
        symbol = row.symbol
        name = row.name
        quantity = row.quantity
        currency = row.currency
        costBasis = row.costBasis
        basisFees = row.basisFees
        averageCost = row.averageCost
        realizedGain = row.realizedGain
        income = row.income
        fees = row.fees
    }
}

/// The cash of a currency as the contract shows it.
struct CashBalanceAnswer: Encodable {
    let currency: Currency
    let balance: FixedDecimal

    init(_ row: ListCashBalancesRow) {
        currency = row.currency
        balance = row.balance
    }
}
