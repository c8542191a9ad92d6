/// What a figure is counted in: a currency, or the part of one in which an exchange quotes, as pence are of
/// the pound.
///
/// Every reader of a currency beside figures reads this, and keeps the currency and the figure in it.
public struct CurrencyUnit: Sendable, Hashable {
    /// The currency.
    public let currency: Currency
    /// A unit is 10^-decimals of the currency: 0 for the currency itself, 2 for its hundredth.
    public let decimals: Int

    /// The currency itself.
    public init(_ currency: Currency) {
        self.init(currency, decimals: 0)
    }

    /// Reads a code of ISO 4217 ("GBP"), or one under which an exchange or a vendor quotes in a part of a
    /// currency ("GBp", "GBX"). Case matters: it is all that GBp and GBP differ in.
    public init(parsing text: some StringProtocol) throws(ParseError) {
        let code = String(text)
        // As in Currency: the Kelvin sign is no K.
        if code.utf8.count == 3, let part = Self.parts[code] {
            self.init(try Currency(parsing: part.currency), decimals: part.decimals)
        } else {
            self.init(try Currency(parsing: code))
        }
    }

    private init(_ currency: Currency, decimals: Int) {
        self.currency = currency
        self.decimals = decimals
    }

    /// A figure in this unit, in the currency; throws where nothing would be left of it in eighteen decimals.
    public func amount(of figure: FixedDecimal) throws(ParseError) -> FixedDecimal {
        guard decimals > 0 else { return figure }
        // A part of a figure in range is in range.
        let scaled = try? figure.scaled(by: 1, over: DecimalText.powerOfTen(decimals))
        guard let scaled, !scaled.isZero || figure.isZero else { throw ParseError(reason: "is too small") }
        return scaled
    }

    /// As London (GBp, GBX), Johannesburg (ZAc, ZAC, ZAX), Tel Aviv (ILA, ILa), Kuwait (KWF) and American
    /// futures (USX, USc) are quoted by Yahoo, Bloomberg, EODHD and Ghostfolio. None is a code of ISO 4217.
    private static let parts: [String: (currency: String, decimals: Int)] = [
        "GBp": ("GBP", 2), "GBX": ("GBP", 2), "GBx": ("GBP", 2),
        "ZAc": ("ZAR", 2), "ZAC": ("ZAR", 2), "ZAX": ("ZAR", 2),
        "ILA": ("ILS", 2), "ILa": ("ILS", 2), "USX": ("USD", 2), "USc": ("USD", 2), "EUc": ("EUR", 2),
        "EUX": ("EUR", 2), "KWF": ("KWD", 3), "KWf": ("KWD", 3),
    ]
}

extension CurrencyUnit: CustomStringConvertible {
    /// A code that `init(parsing:)` reads back as this unit: of the several for pence, the first in the alphabet.
    public var description: String {
        guard decimals > 0 else { return currency.code }
        let codes = Self.parts.filter { $0.value == (currency.code, decimals) }.keys
        return codes.min() ?? currency.code
    }
}

extension CurrencyUnit: ASCIIWritable {
    /// Appends the code.
    public func append(to bytes: inout [UInt8]) { bytes.append(contentsOf: description.utf8) }
}
