import ExactTypes

/// What stands beside an amount: a code, which means one unit, or a sign, which several currencies share.
struct CurrencyMark {
    private let text: String
    private let units: [CurrencyUnit]

    init(_ text: String) throws(ParseError) {
        self.text = text
        if let unit = try? CurrencyUnit(parsing: text) {
            units = [unit]
        } else if let codes = Self.signs[text] {
            units = codes.split(separator: " ").compactMap { try? CurrencyUnit(parsing: $0) }
        } else {
            throw ParseError(reason: "is not a number")
        }
    }

    /// The decimals of the marked unit, which must be one of the currency that the row is in.
    func decimals(of unit: CurrencyUnit?) throws(ParseError) -> Int {
        guard let unit else {
            throw ParseError(reason: "has \(text) beside it, and no currency is given for the file")
        }
        guard let marked = units.first(where: { $0.currency == unit.currency }) else {
            throw ParseError(reason: "has \(text) beside it, and is in \(unit.currency)")
        }
        return marked.decimals
    }

    /// Signs, and the currencies that are written with them.
    private static let signs = [
        "$":
            "USD CAD AUD NZD HKD SGD TWD MXN ARS CLP COP UYU BSD BBD BMD BND BZD FJD GYD JMD KYD LRD NAD SBD SRD TTD XCD",
        "US$": "USD", "C$": "CAD", "CA$": "CAD", "Can$": "CAD", "A$": "AUD", "AU$": "AUD", "NZ$": "NZD",
        "HK$": "HKD", "S$": "SGD", "SG$": "SGD", "NT$": "TWD", "MX$": "MXN", "R$": "BRL",
        "€": "EUR", "£": "GBP EGP FKP GIP SHP LBP SYP SSP SDG", "p": "GBX", "¥": "JPY CNY", "￥": "JPY CNY",
        "元": "CNY TWD", "円": "JPY", "₹": "INR", "Rs": "INR PKR LKR NPR MUR SCR",
        "Rs.": "INR PKR LKR NPR MUR SCR",
        "₩": "KRW KPW", "₫": "VND", "đ": "VND", "฿": "THB", "₱": "PHP", "₽": "RUB", "₺": "TRY", "₪": "ILS",
        "₴": "UAH", "₸": "KZT", "₦": "NGN", "₵": "GHS", "₡": "CRC", "₲": "PYG", "Fr": "CHF", "Fr.": "CHF",
        "SFr": "CHF", "SFr.": "CHF", "sFr.": "CHF", "kr": "SEK NOK DKK ISK", "kr.": "SEK NOK DKK ISK",
        "zł": "PLN",
        "Kč": "CZK", "Ft": "HUF", "lei": "RON MDL", "лв": "BGN", "лв.": "BGN", "R": "ZAR", "RM": "MYR",
        "Rp": "IDR",
    ]
}
