import ExactTypes
import SharedTypes

/// How the value of a portfolio is spread: by instrument, by class and by currency, in each the largest part first.
struct Allocation: Sendable, Hashable {
    /// What belongs to one instrument, class or currency.
    struct Part<Key: Sendable & Hashable>: Sendable, Hashable {
        let key: Key
        /// In the currency of the valuation; above zero.
        let value: FixedDecimal
        /// Percent of the whole.
        let weight: FixedDecimal
    }

    /// A holding, or the cash of a currency.
    private struct Piece {
        let instrument: Instrument.ID?
        let instrumentClass: InstrumentClass?
        let currency: Currency
        let value: FixedDecimal
    }

    let instruments: [Part<Instrument.ID>]
    let classes: [Part<InstrumentClass>]
    let currencies: [Part<Currency>]

    /// Spreads 100 percent over what a valuation has a value for: each weight is rounded half-even to 18 decimals and the
    /// last takes the rest, so that they add up, and those of classes and currencies are sums of the same weights.
    ///
    /// Throws `.overflow` where the total leaves twenty digits before the point.
    init(
        of valuation: Valuation, classes: [Instrument.ID: InstrumentClass]
    ) throws(ArithmeticError) {
        let held = valuation.lines.compactMap { line in
            line.converted.map {
                Piece(
                    instrument: line.instrumentID, instrumentClass: classes[line.instrumentID],
                    currency: line.currency, value: $0.value)
            }
        }
        let cash = valuation.cash.compactMap { line in
            line.converted.map {
                Piece(instrument: nil, instrumentClass: .cash, currency: line.money.currency, value: $0)
            }
        }
        let pieces = (held + cash).filter(\.value.isPositive)
        let weights =
            pieces.isEmpty ? [] : try FixedDecimal(100).apportioned(over: pieces.map(\.value))
        let weighed = Array(zip(pieces, weights))
        instruments = try Self.parts(of: weighed, by: \.instrument)
        self.classes = try Self.parts(of: weighed, by: \.instrumentClass)
        currencies = try Self.parts(of: weighed) { $0.currency }
    }

    private static func parts<Key>(
        of pieces: [(piece: Piece, weight: FixedDecimal)], by key: (Piece) -> Key?
    ) throws(ArithmeticError) -> [Part<Key>] {
        var found: [Key: Part<Key>] = [:]
        for (piece, weight) in pieces {
            guard let key = key(piece) else { continue }
            let before = found[key]
            found[key] = Part(
                key: key, value: try (before?.value ?? .zero) + piece.value,
                weight: try (before?.weight ?? .zero) + weight)
        }
        return found.values.sorted {
            ($1.value, "\($0.key)") < ($0.value, "\($1.key)")
        }
    }
}
