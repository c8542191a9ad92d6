import ExactTypes
import Foundation
import SharedTypes

@testable import Portfolios

/// Short ways to write transactions in tests of the rules.
enum Sample {
    static let instrument = Instrument.ID(UUID(uuid: (1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)))

    static func transactionID(_ number: Int) -> Transaction.ID {
        let (high, low) = (UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number))
        return Transaction.ID(UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, high, low)))
    }

    static func moment(_ day: String, hour: Double = 0) throws -> Date {
        let day = try CalendarDay(parsing: day)
        return Date(timeIntervalSince1970: Double(day.daysSince1970) * 86_400 + hour * 3_600)
    }

    /// Figures are written as text, so that no binary float comes near them.
    static func trade(
        _ number: Int, _ type: TransactionType, _ day: String, hour: Double = 0, quantity: String? = nil,
        price: String? = nil, amount: String? = nil, fee: String? = nil, currency: Currency = .usd,
        instrument: Instrument.ID? = Sample.instrument, split: (to: Int, from: Int)? = nil,
        reverses: Int? = nil, lots: [(Int, String)] = []
    ) throws -> LedgerTransaction {
        let quantity = try quantity.map { try FixedDecimal(parsing: $0) }
        let price = try price.map { try FixedDecimal(parsing: $0) }
        var gross = try amount.map { try FixedDecimal(parsing: $0) }
        if gross == nil, let quantity, let price {
            gross = try LedgerTransaction.gross(quantity: quantity, unitPrice: price)
        }
        return LedgerTransaction(
            id: transactionID(number), type: type, instrumentID: instrument, quantity: quantity,
            unitPrice: price, grossAmount: gross ?? .zero,
            fees: try fee.map { [Money(amount: try FixedDecimal(parsing: $0), currency: currency)] } ?? [],
            currency: currency, executedAt: try moment(day, hour: hour),
            split: split.map { .init(to: FixedDecimal($0.to), from: FixedDecimal($0.from)) },
            reverses: reverses.map(transactionID),
            lots: try lots.map { .init(lot: transactionID($0.0), quantity: try FixedDecimal(parsing: $0.1)) })
    }

    static func book(_ method: CostBasisMethod, _ transactions: [LedgerTransaction]) throws -> LotBook {
        try LotBook.replay(transactions, instrumentID: instrument, method: method)
    }
}

/// Figures in tests are exact decimals, written as text or as whole numbers.
extension FixedDecimal {
    init(_ text: String) throws { try self.init(parsing: text) }
}
