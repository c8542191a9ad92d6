import ExactTypes
import Testing

@testable import TabularText

@Suite struct FormatSurveyTests {
    private static func format(
        figures: [String] = [], days: [String] = [], separator: CSVSeparator = .semicolon,
        stated: StatedFormat = StatedFormat()
    ) throws(RefusedRows) -> TabularFormat {
        var survey = FormatSurvey(stated)
        for (index, text) in figures.enumerated() { survey.addFigure(text, row: index + 2, column: "Menge") }
        for (index, text) in days.enumerated() { survey.addDay(text, row: index + 2, column: "Datum") }
        return try survey.format(separator: separator)
    }

    private static func faults(
        figures: [String] = [], days: [String] = [], separator: CSVSeparator = .semicolon
    ) throws -> [RowFault] {
        try #require(throws: RefusedRows.self) {
            try format(figures: figures, days: days, separator: separator)
        }.faults
    }

    /// portfolio-performance/portfolio#1382 and tresorone/tresor-import#679: a thousands mark was read as a
    /// decimal point. Siblings of it: with the other mark, with a sign and a currency, separated by tabs, and
    /// in quotes in a file of commas.
    @Test(arguments: [
        (["1.500"], CSVSeparator.semicolon, "1.5", "1500"), (["1,500"], .semicolon, "1500", "1.5"),
        (["10", "", "-1.500 €", "2.500"], .semicolon, "-1.5", "-1500"), (["1.500"], .tab, "1.5", "1500"),
        (["1,500"], .comma, "1500", "1.5"), (["999.999"], .pipe, "999.999", "999999"),
    ])
    func aFigureThatNothingDecidesIsAskedFor(
        figures: [String], separator: CSVSeparator, point: String, comma: String
    ) throws {
        let faults = try Self.faults(figures: figures, separator: separator)
        #expect(
            faults.map(\.question) == [
                FormatQuestion(parameter: "decimal_mark", readings: ["point": point, "comma": comma])
            ])
        let row = (figures.firstIndex { $0.contains { ".,".contains($0) } } ?? 0) + 2
        #expect(faults.map(\.row) == [row] && faults.map(\.column) == ["Menge"])
        #expect(
            faults.first?.reason.contains("\(point) (decimal_mark=point) or \(comma) (decimal_mark=comma)")
                == true)
        for mark in FigureFormat.DecimalMark.allCases {
            let answered = try Self.format(
                figures: figures, separator: separator, stated: StatedFormat(decimalMark: mark))
            #expect(answered.figures.decimalMark == mark)
        }
    }

    /// One figure of the whole file decides, wherever it stands.
    @Test(arguments: [
        (["1.500", "2,5"], FigureFormat.DecimalMark.comma), (["1.500", "1.500.000"], .comma),
        (["1.500", "1.500,25"], .comma),
        (["1.500", "12.5"], .point), (["1,500", "12.5"], .point), (["1.500", "0.125"], .point),
        (["1.500", "1234.567"], .point),
        (["1,500", "1,500,000"], .point), (["1.500", "1.5e-3"], .point), (["1.500", "1'000.5"], .point),
        (["1.500", "1 000,5"], .comma), (["1.500", "(2,50)"], .comma), (["1.500", "12,5 EUR"], .comma),
        (["1.500", ".5"], .point),
        (["1,500", "n/a", "0,5"], .comma),
    ])
    func oneFigureDecidesForAll(figures: [String], mark: FigureFormat.DecimalMark) throws {
        for order in [figures, figures.reversed()] {
            #expect(try Self.format(figures: order).figures.decimalMark == mark)
        }
    }

    /// Who writes decimal commas does not separate by commas; and what has no mark reads the same in any
    /// case.
    @Test func whatMakesNoDifferenceIsNotAskedFor() throws {
        #expect(
            try Self.format(figures: ["1.500", "48.945"], separator: .comma).figures.decimalMark == .point)
        for figures in [[], ["1", "1500"], ["1 500"], ["x.500"], ["1'500"]] {
            #expect(try Self.format(figures: figures) == .plain)
        }
    }

    @Test func aFileWithBothMarksIsRefused() throws {
        let faults = try Self.faults(figures: ["1.5", "10", "2,5"])
        #expect(faults.map(\.row) == [4] && faults.first?.question == nil)
        #expect(faults.first?.reason.contains("is 2,5, and row 2 has 1.5") == true)
        // Said by hand, the rows that do not fit are refused one by one.
        let stated = StatedFormat(decimalMark: .point)
        let format = try Self.format(figures: ["1.5", "2,5"], stated: stated)
        #expect(throws: ParseError.self) { try format.figures.number("2,5") }
    }

    @Test(arguments: [
        (["01/02/2021", "13/02/2021"], DayOrder.dayMonthYear), (["01/02/2021", "02/13/2021"], .monthDayYear),
        (["01-02-2021", "31-12-2021 10:00"], .dayMonthYear),
        (["01/02/03", "03/02/01", "99/02/03"], .yearMonthDay),
        (["01.02.2021"], .dayMonthYear), (["01.02.2021", "02.13.2021"], .monthDayYear),
        (["1.2.21"], .dayMonthYear),
        (["01/02/03", "01/13/03"], .monthDayYear), (["02/02/2021"], .dayMonthYear),
    ])
    func oneDayDecidesForAll(days: [String], order: DayOrder) throws {
        for days in [days, days.reversed()] { #expect(try Self.format(days: days).days.order == order) }
    }

    @Test func daysThatReadInOneWayDecideNothing() throws {
        for days in [[], ["2021-02-01"], ["20210201", "1 Feb 2021"], ["never"]] {
            #expect(try Self.format(days: days).days.order == nil)
        }
    }

    @Test func aDayThatNothingDecidesIsAskedFor() throws {
        let faults = try Self.faults(days: ["2021-01-01", "02/02/2021", "01/02/2021 10:00", "03/04/2021"])
        #expect(faults.map(\.row) == [4] && faults.map(\.column) == ["Datum"])
        #expect(
            faults.first?.question
                == FormatQuestion(
                    parameter: "day_order", readings: ["dmy": "2021-02-01", "mdy": "2021-01-02"]))
        let short = try Self.faults(days: ["01/02/03"])
        #expect(
            short.first?.question?.readings == [
                "dmy": "2003-02-01", "mdy": "2003-01-02", "ymd": "2001-02-03",
            ])
        let stated = StatedFormat(dayOrder: .monthDayYear)
        #expect(try Self.format(days: ["01/02/2021"], stated: stated).days.order == .monthDayYear)
    }

    @Test func bothAreAskedForAtOnce() throws {
        let faults = try Self.faults(figures: ["1.500"], days: ["01/02/2021"])
        #expect(faults.compactMap(\.question?.parameter) == ["decimal_mark", "day_order"])
    }

    @Test func daysInTwoOrdersAreRefused() throws {
        let faults = try Self.faults(days: ["13/02/2021", "01/02/2021", "02/13/2021"])
        #expect(faults.map(\.row) == [4] && faults.first?.question == nil)
    }
}
