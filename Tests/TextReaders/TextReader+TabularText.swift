import ExactTypes
import TabularText

extension TextReader {
    static let tabularText = [
        TextReader(
            text: "figure-point", "2.5e-7", "($1,234,567.50)", "CHF 1’000.-",
            accept: { text in reads(text, decimalMark: .point) }),
        TextReader(
            text: "figure-comma", "12,5", "1.234,50- EUR", "1\u{202F}234,5",
            accept: { text in reads(text, decimalMark: .comma) }),
        TextReader(
            text: "file-moment", "20210916", "2021-09-16", "2021-09-16 13:30", "2021-09-16T13:30:00.5+02:00",
            "16. Sep 2021, 1:30 PM",
            accept: { text in
                [nil, .dayMonthYear, .monthDayYear, .yearMonthDay].contains { (order: DayOrder?) in
                    let format = DayFormat(order: order, zone: .utc)
                    return (try? format.moment(text)) != nil || (try? format.day(text)) != nil
                }
            }),
        TextReader(
            text: "format-survey", "1.500\n2,5", "01/02/2021\n13/02/2021",
            accept: { text in
                var survey = FormatSurvey(StatedFormat())
                for (index, line) in text.split(separator: "\n").enumerated() {
                    survey.addFigure(String(line), row: index, column: "Figure")
                    survey.addDay(String(line), row: index, column: "Day")
                }
                return CSVSeparator.allCases.allSatisfy { (try? survey.format(separator: $0)) != nil }
            }),
        TextReader("csv", "sep=|\na|b\r\n\"1\n\"\"2\"|3\n", "a,b\n\u{FEFF},2\n") { bytes in
            var reader = CSVReader()
            let half = bytes.count / 2
            let rows =
                try reader.rows(in: bytes.prefix(half)) + reader.rows(in: bytes.dropFirst(half))
                + reader.finish()
            return !rows.isEmpty
        },
    ]

    /// As a number, as money, and as a rate.
    private static func reads(_ text: String, decimalMark: FigureFormat.DecimalMark) -> Bool {
        let format = FigureFormat(decimalMark: decimalMark)
        let units = [Currency.usd, .eur, .chf, .gbp].map(CurrencyUnit.init)
        return (try? format.number(text)) != nil
            || (try? format.rate(text, from: CurrencyUnit(.usd), to: CurrencyUnit(.eur))) != nil
            || units.contains { (try? format.amount(text, in: $0)) != nil }
    }
}
