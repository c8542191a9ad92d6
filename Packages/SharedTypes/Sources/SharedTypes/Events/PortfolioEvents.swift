public import ExactTypes
public import Foundation

/// A transaction was posted to a portfolio, or came in by an import.
public struct TransactionPosted: DomainEvent {
    public static let type = "transaction.posted"
    public static let version = 1
    public var key: String { transactionID.description }
    public var occurredAt: Date { executedAt }

    public let transactionID: Transaction.ID
    public let portfolioID: Portfolio.ID
    public let kind: TransactionType
    public let instrumentID: Instrument.ID?
    /// Whether everybody sees the instrument, and not its user alone; nil without one, and in events that are older
    /// than this field.
    public let isInstrumentShared: Bool?
    public let quantity: Quantity?
    public let grossAmount: FixedDecimal
    public let currency: Currency
    public let executedAt: Date

    public init(
        transactionID: Transaction.ID, portfolioID: Portfolio.ID, kind: TransactionType,
        instrumentID: Instrument.ID?, isInstrumentShared: Bool?, quantity: Quantity?,
        grossAmount: FixedDecimal,
        currency: Currency, executedAt: Date
    ) {
        self.transactionID = transactionID
        self.portfolioID = portfolioID
        self.kind = kind
        self.instrumentID = instrumentID
        self.isInstrumentShared = isInstrumentShared
        self.quantity = quantity
        self.grossAmount = grossAmount
        self.currency = currency
        self.executedAt = executedAt
    }
}

/// A transaction was taken back by another one.
public struct TransactionReversed: DomainEvent {
    public static let type = "transaction.reversed"
    public static let version = 1
    public var key: String { transactionID.description }
    public var occurredAt: Date { reversedAt }

    /// The one that no longer counts.
    public let transactionID: Transaction.ID
    public let reversedBy: Transaction.ID
    public let portfolioID: Portfolio.ID
    public let kind: TransactionType
    public let reversedAt: Date

    public init(
        transactionID: Transaction.ID, reversedBy: Transaction.ID, portfolioID: Portfolio.ID,
        kind: TransactionType,
        reversedAt: Date
    ) {
        self.transactionID = transactionID
        self.reversedBy = reversedBy
        self.portfolioID = portfolioID
        self.kind = kind
        self.reversedAt = reversedAt
    }
}
