import ContractKit
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
        let unit = try fields.optionalCurrencyUnit("currency")
        let (instrument, listingUnit) = try Self.instrument(fields)
        // Amounts of which nothing is said are as the instrument is quoted.
        let money = unit ?? listingUnit
        self.instrument = instrument
        quantity = try fields.optionalDecimal("quantity", .positive)
        unitPrice = try Self.amount("unit_price", in: money, fields)
        amount = try Self.amount("amount", in: money, fields)
        currency = unit?.currency
        fxRate = try Self.rate(fields)
        split = try Self.split(fields)
        fees = try Self.fees(fields, in: money)
        lots = try Self.lots(fields)
        note = try fields.optionalString("note", length: Self.noteLength, multiline: true)
    }

    /// An amount of money in the currency, which the client may have given in pence.
    private static func amount(
        _ name: String, in unit: CurrencyUnit?, _ fields: Fields
    ) throws(Problem) -> FixedDecimal? {
        guard let amount = try fields.optionalDecimal(name, .nonNegative) else { return nil }
        guard let unit else { return amount }
        return try fields.checked(name) { () throws(ParseError) in try unit.amount(of: amount) }
    }

    private static func instrument(
        _ fields: Fields
    ) throws(Problem) -> (reference: InstrumentReference?, unit: CurrencyUnit?) {
        let id = try fields.optionalIdentifier("instrument_id", Instrument.self)
        guard let listing = try fields.optionalObject("instrument") else { return (id.map { .id($0) }, nil) }
        guard id == nil else { throw fields.invalid("instrument", "must not be given beside instrument_id") }
        let source = try listing.optionalString("source", length: 1...40) ?? "MANUAL"
        let exchange = try listing.optionalString("exchange", length: 0...20) ?? ""
        let symbol = try listing.string("symbol", length: 1...100)
        let unit = try listing.optionalCurrencyUnit("currency")
        let reference = InstrumentReference.listing(
            InstrumentListing(
                source: try listing.checked("source") { () throws(ParseError) in
                    try ListingText.source(source)
                },
                exchange: try listing.checked("exchange") { () throws(ParseError) in
                    try ListingText.exchange(exchange)
                },
                symbol: try listing.checked("symbol") { () throws(ParseError) in
                    try ListingText.symbol(symbol)
                },
                name: try listing.optionalString("name", length: 1...200),
                instrumentClass: try listing.optionalEnumeration("class", InstrumentClass.self) ?? .equity,
                currency: unit?.currency))
        return (reference, unit)
    }

    private static func rate(_ fields: Fields) throws(Problem) -> ExchangeRate? {
        guard let text = try fields.optionalString("fx_rate", length: 1...30) else { return nil }
        return try fields.checked("fx_rate") { () throws(ParseError) in try ExchangeRate(parsing: text) }
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

    private static func fees(
        _ fields: Fields, in unit: CurrencyUnit?
    ) throws(Problem) -> [TransactionDraft.Fee] {
        var fees: [TransactionDraft.Fee] = []
        for fee in try fields.optionalObjects("fees", count: 0...20) ?? [] {
            let kind = try fee.enumeration("kind", FeeKind.self)
            let stated = try fee.decimal("amount", .nonNegative)
            let amount = try fee.checked("amount") { () throws(ParseError) in
                try unit?.amount(of: stated) ?? stated
            }
            fees.append(TransactionDraft.Fee(kind: kind, amount: amount))
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

extension Fields {
    /// A value that follows from a field; what its rule refuses names the field.
    fileprivate func checked<Value>(
        _ name: String, _ value: () throws(ParseError) -> Value
    ) throws(Problem) -> Value {
        do throws(ParseError) {
            return try value()
        } catch {
            throw invalid(name, error.reason)
        }
    }
}
