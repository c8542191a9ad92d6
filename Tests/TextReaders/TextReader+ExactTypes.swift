import ExactTypes
import Foundation

/// Something that has an identifier.
private enum Thing: Entity {}

extension TextReader {
    static let exactTypes = [
        TextReader(text: "decimal", "-12.50000001", parse: { try FixedDecimal(parsing: $0) }),
        TextReader(text: "exchange-rate", "0.921512345678", parse: { try ExchangeRate(parsing: $0) }),
        TextReader(text: "currency", "CHF", parse: { try Currency(parsing: $0) }),
        TextReader(text: "currency-unit", "GBp", parse: { try CurrencyUnit(parsing: $0) }),
        TextReader(text: "day", "2024-02-29", parse: { try CalendarDay(parsing: $0) }),
        TextReader(
            text: "identifier", "01a1fba4-b718-7a24-9c7d-3f2b8e1d0c5a", accept: { Thing.ID($0) != nil }),
        TextReader(
            text: "foundation-decimal", "1.5",
            accept: { text in
                guard let number = Decimal(string: text) else { return false }
                _ = try FixedDecimal(rounding: number)
                return true
            }),
    ]
}
