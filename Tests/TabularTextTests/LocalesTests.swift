import ExactTypes
import Testing

@testable import TabularText

/// Whatever decimals there are, printed as a locale prints them, are read from the file as they were.
@Suite struct LocalesTests {
    struct Locale: Sendable, CustomTestStringConvertible {
        let name: String
        let decimalMark: String
        let thousandsMark: String
        let isNegativeBehind: Bool
        var testDescription: String { name }

        func text(_ value: FixedDecimal) -> String {
            let plain = value.magnitude.description.split(separator: ".", maxSplits: 1)
            let whole = Array(plain.first ?? "0")
            var grouped = ""
            for (index, digit) in whole.enumerated() {
                if index > 0, (whole.count - index).isMultiple(of: 3) { grouped += thousandsMark }
                grouped.append(digit)
            }
            let text = plain.dropFirst().reduce(grouped) { $0 + decimalMark + $1 }
            guard value.isNegative else { return text }
            return isNegativeBehind ? text + "-" : "-" + text
        }
    }

    static let locales = [
        Locale(name: "en", decimalMark: ".", thousandsMark: ",", isNegativeBehind: false),
        Locale(name: "de", decimalMark: ",", thousandsMark: ".", isNegativeBehind: false),
        Locale(name: "de-CH", decimalMark: ".", thousandsMark: "’", isNegativeBehind: true),
        Locale(name: "fr", decimalMark: ",", thousandsMark: "\u{202F}", isNegativeBehind: false),
        Locale(name: "pl", decimalMark: ",", thousandsMark: "\u{A0}", isNegativeBehind: true),
        Locale(name: "program", decimalMark: ".", thousandsMark: "", isNegativeBehind: false),
    ]

    @Test(arguments: locales)
    func figuresOfALocaleAreReadBack(locale: Locale) throws {
        var random = Generator(state: UInt64(locale.name.utf8.reduce(7) { $0 &* 31 &+ Int($1) }))
        for _ in 0..<300 {
            let values = try (0..<Int.random(in: 1...12, using: &random)).map { _ in
                // Of every size, with trailing zeros and without, and many of three decimals.
                let digits = Int128(
                    Int.random(in: 0...(1 << Int.random(in: 1...62, using: &random)), using: &random))
                let decimals = [0, 1, 2, 3, 3, 3, 8, 18].randomElement(using: &random) ?? 0
                let step = (0..<(18 - decimals)).reduce(Int128(1)) { power, _ in power * 10 }
                let units = digits % (99_999_999_999_999_999_999_999_999_999_999_999_999 / step) * step
                return try FixedDecimal(units: Bool.random(using: &random) ? units : -units)
            }
            let separator: CSVSeparator = locale.decimalMark == "," ? .semicolon : .comma
            let mark = String(decoding: [separator.rawValue], as: UTF8.self)
            let file = "a\(mark)b\n" + values.map { "\"\(locale.text($0))\"\(mark)x\n" }.joined()
            var reader = CSVReader()
            let rows = try reader.rows(in: Array(file.utf8)[...]) + reader.finish()
            var survey = FormatSurvey(StatedFormat())
            let texts = rows.dropFirst().map { $0.fields.first ?? "" }
            for text in texts { survey.addFigure(text, row: 1, column: "a") }
            let format: TabularFormat
            do {
                format = try survey.format(separator: reader.separator)
            } catch {
                // Where it is asked for, one of the answers is the locale's.
                let stated: FigureFormat.DecimalMark = locale.decimalMark == "," ? .comma : .point
                #expect(error.faults.compactMap(\.question).count == 1)
                let isOpen = texts.allSatisfy { FigureTextShape.isOpenOrWhole($0) }
                #expect(isOpen, "\(texts)")
                format = TabularFormat(
                    figures: FigureFormat(decimalMark: stated), days: TabularFormat.plain.days)
            }
            #expect(try texts.map { try format.figures.number($0).value } == values, "\(texts)")
        }
    }

    /// Whether a text has no mark, or only one that stands before exactly three digits.
    private enum FigureTextShape {
        static func isOpenOrWhole(_ text: String) -> Bool {
            let digits = text.filter { $0 != "-" }
            let parts = digits.split(omittingEmptySubsequences: false) { ",.’\u{202F}\u{A0}".contains($0) }
            guard digits.contains(".") || digits.contains(",") else { return true }
            return parts.count == 2 && parts[1].count == 3 && parts[0].count <= 3 && !parts[0].hasPrefix("0")
        }
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014), so that a seed gives the same files everywhere.
private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
