import ExactTypes
import Foundation
import SharedTypes

/// A transaction as the contract shows it; in lists without fees, lots and postings.
struct TransactionAnswer: Encodable {
    let id: Transaction.ID
    let portfolioID: Portfolio.ID
    let type: TransactionType
    let status: TransactionStatus
    let instrumentID: Instrument.ID?
    let quantity: Quantity?
    let unitPrice: FixedDecimal?
    let amount: FixedDecimal
    let currency: Currency
    let fxRate: ExchangeRate?
    let splitFrom: Int?
    let splitTo: Int?
    let executedAt: Date
    let externalSource: String?
    let externalID: String?
    let reverses: Transaction.ID?
    let note: String?
    let createdAt: Date
    let updatedAt: Date
    private(set) var fees: [Fee]?
    private(set) var lots: [LotSelection]?
    private(set) var postings: [Movement]?

    struct Fee: Encodable {
        let kind: FeeKind
        let amount: FixedDecimal
        let currency: Currency
    }

    struct LotSelection: Encodable {
        let openedBy: Transaction.ID
        let quantity: Quantity
    }

    struct Movement: Encodable {
        let fromAccount: PostingAccount
        let toAccount: PostingAccount
        let currency: Currency?
        let instrumentID: Instrument.ID?
        let amount: FixedDecimal
    }

    init(_ row: TransactionRow) {
        id = row.id
        portfolioID = row.portfolioID
        type = row.type
        status = row.status
        instrumentID = row.instrumentID
        quantity = row.quantity
        unitPrice = row.unitPrice
        amount = row.grossAmount
        currency = row.currency
        fxRate = row.fxRate
        splitFrom = row.splitFrom
        splitTo = row.splitTo
        executedAt = row.executedAt
        externalSource = row.externalSource
        externalID = row.externalID
        reverses = row.reverses
        note = row.note
        createdAt = row.createdAt
        updatedAt = row.updatedAt
    }

    init(_ detail: TransactionDetail) {
        self.init(detail.transaction)
        fees = detail.fees.map { Fee(kind: $0.kind, amount: $0.amount, currency: $0.currency) }
        lots = detail.lots.map { LotSelection(openedBy: $0.openedBy, quantity: $0.quantity) }
        postings = detail.postings.map {
            Movement(
                fromAccount: $0.fromAccount, toAccount: $0.toAccount, currency: $0.currency,
                instrumentID: $0.instrumentID, amount: $0.amount)
        }
    }
}
