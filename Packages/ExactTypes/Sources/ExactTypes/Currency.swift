/// A currency of ISO 4217.
public struct Currency: Sendable, Hashable {
    /// The three capital letters of the standard: "CHF".
    public let code: String

    /// The number of decimals in which cash of this currency settles: 2 for USD, 0 for JPY, 3 for KWD.
    public let minorUnits: Int

    /// Reads the code of a currency that is in use, in capital letters: "USD", and neither "usd" nor "XXQ".
    public init(parsing text: some StringProtocol) throws(ParseError) {
        let code = String(text)
        // Swift holds the Kelvin sign for equal to K, and PostgreSQL does not; in UTF-8 it has three bytes.
        guard code.utf8.count == 3, let minorUnits = Self.minorUnitsByCode[code] else {
            throw ParseError(reason: "is not an ISO 4217 currency code")
        }
        self.init(code: code, minorUnits: minorUnits)
    }

    private init(code: String, minorUnits: Int) {
        self.code = code
        self.minorUnits = minorUnits
    }

    /// Every currency that is in use, by code.
    public static let all: [Currency] = minorUnitsByCode.map(Currency.init(code:minorUnits:)).sorted()
}

extension Currency {
    /// The Australian dollar.
    public static let aud = Currency(code: "AUD", minorUnits: 2)
    /// The Canadian dollar.
    public static let cad = Currency(code: "CAD", minorUnits: 2)
    /// The Swiss franc.
    public static let chf = Currency(code: "CHF", minorUnits: 2)
    /// The euro.
    public static let eur = Currency(code: "EUR", minorUnits: 2)
    /// The pound sterling.
    public static let gbp = Currency(code: "GBP", minorUnits: 2)
    /// The Japanese yen, which has no minor unit.
    public static let jpy = Currency(code: "JPY", minorUnits: 0)
    /// The US dollar.
    public static let usd = Currency(code: "USD", minorUnits: 2)
}

extension Currency: Comparable {
    /// Orders by code.
    public static func < (left: Currency, right: Currency) -> Bool { left.code < right.code }
}

extension Currency: CustomStringConvertible {
    /// The code.
    public var description: String { code }
}

extension Currency: Codable {
    /// Reads the code from a string.
    public init(from decoder: any Decoder) throws {
        self = try decoder.decodeText { text throws(ParseError) in try Currency(parsing: text) }
    }

    /// Writes the code as a string.
    public func encode(to encoder: any Encoder) throws { try encoder.encodeText(self) }
}
