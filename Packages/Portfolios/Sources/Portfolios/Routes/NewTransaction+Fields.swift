import ExactTypes
import Foundation
import ServiceKit
import SharedTypes

extension NewTransaction {
    static let noteLength = 1...500

    /// Reads a transaction as the contract has it; throws 422 naming the field at fault.
    init(_ fields: Fields) throws(Problem) {
        type = try fields.enumeration("type", TransactionType.self)
        executedAt = try fields.timestamp("executed_at")
        instrument = try Self.instrument(fields)
        quantity = try fields.optionalDecimal("quantity", .positive)
        unitPrice = try fields.optionalDecimal("unit_price", .nonNegative)
        amount = try fields.optionalDecimal("amount", .nonNegative)
        currency = try fields.optionalCurrency("currency")
        fxRate = try Self.rate(fields)
        split = try Self.split(fields)
        fees = try Self.fees(fields)
        lots = try Self.lots(fields)
        note = try fields.optionalString("note", length: Self.noteLength, multiline: true)
    }

    private static func instrument(_ fields: Fields) throws(Problem) -> InstrumentReference? {
        let id = try fields.optionalIdentifier("instrument_id", Instrument.self)
        guard let listing = try fields.optionalObject("instrument") else { return id.map { .id($0) } }
        guard id == nil else { throw fields.invalid("instrument", "must not be given beside instrument_id") }
        let source = try listing.optionalString("source", length: 1...40)?.uppercased() ?? "MANUAL"
        guard source.wholeMatch(of: /[A-Z][A-Z0-9_]{0,39}/) != nil else {
            throw listing.invalid(
                "source", "must be at most 40 letters, digits and underscores, a letter first")
        }
        let exchange = try listing.optionalString("exchange", length: 0...20)?.uppercased() ?? ""
        guard exchange.wholeMatch(of: /[A-Z0-9.]{0,20}/) != nil else {
            throw listing.invalid("exchange", "must be at most 20 letters, digits and dots")
        }
        let symbol = try listing.string("symbol", length: 1...100)
        guard symbol.unicodeScalars.first != " ", symbol.unicodeScalars.last != " " else {
            throw listing.invalid("symbol", "must not begin or end with a space")
        }
        return .listing(
            InstrumentListing(
                source: source, exchange: exchange, symbol: symbol,
                name: try listing.optionalString("name", length: 1...200),
                instrumentClass: try listing.optionalEnumeration("class", InstrumentClass.self) ?? .equity,
                currency: try listing.optionalCurrency("currency")))
    }

    private static func rate(_ fields: Fields) throws(Problem) -> ExchangeRate? {
        guard let text = try fields.optionalString("fx_rate", length: 1...30) else { return nil }
        do {
            return try ExchangeRate(parsing: text)
        } catch {
            throw fields.invalid("fx_rate", error.reason)
        }
    }

    private static func split(_ fields: Fields) throws(Problem) -> TransactionDraft.SplitCounts? {
        let counts = 1...1_000_000
        let from = try fields.optionalInt("split_from", in: counts)
        let to = try fields.optionalInt("split_to", in: counts)
        guard from != nil || to != nil else { return nil }
        guard let from else { throw fields.invalid("split_from", "is required with split_to") }
        guard let to else { throw fields.invalid("split_to", "is required with split_from") }
        guard from != to else { throw fields.invalid("split_to", "must differ from split_from") }
        return TransactionDraft.SplitCounts(from: from, to: to)
    }

    private static func fees(_ fields: Fields) throws(Problem) -> [TransactionDraft.Fee] {
        var fees: [TransactionDraft.Fee] = []
        for fee in try fields.optionalObjects("fees", count: 0...20) ?? [] {
            fees.append(
                TransactionDraft.Fee(
                    kind: try fee.enumeration("kind", FeeKind.self),
                    amount: try fee.decimal("amount", .nonNegative)))
        }
        return fees
    }

    private static func lots(_ fields: Fields) throws(Problem) -> [LedgerTransaction.LotSelection] {
        var lots: [LedgerTransaction.LotSelection] = []
        for lot in try fields.optionalObjects("lots", count: 0...200) ?? [] {
            lots.append(
                LedgerTransaction.LotSelection(
                    lot: try lot.identifier("opened_by", Transaction.self),
                    quantity: try lot.decimal("quantity", .positive)))
        }
        return lots
    }
}
