import ExactTypes
import SharedTypes
import TabularText

@testable import Market

extension TextReader {
    static let market = [
        TextReader(text: "market-source", "YAHOO", parse: { try ListingText.source($0) }),
        TextReader(text: "market-exchange", "XNAS", parse: { try ListingText.exchange($0) }),
        TextReader(text: "market-symbol", "GOOG", parse: { try ListingText.symbol($0) }),
        TextReader(
            "bar-file", "Date,Open,High,Low,Close,Volume\n2024-01-02,1,2,0.5,1.5,1e3\n",
            "sep=;\nDate;Open;High;Low;Close;Volume\n13.01.2024;1.000;2.000,5;1 000;£1.000;1\n"
        ) { bytes in
            try lines(of: bytes) { header throws(RowFault) in
                try BarFile(header: header, symbol: "GOOG", unit: CurrencyUnit(.gbp), today: .last)
            }
        },
        TextReader("price-file", "Date,Price\n2024-01-02,1.5\n", "sep=;\nDate;Close\n13.01.2024;1.000,5\n") {
            bytes in
            try lines(of: bytes) { header throws(RowFault) in
                try PriceFile(header: header, unit: CurrencyUnit(.gbp), today: .last)
            }
        },
        TextReader("rate-file", "Base,Quote,Date,Rate\nUSD,CHF,2024-01-02,0.85\n") { bytes in
            try lines(of: bytes) { header throws(RowFault) in try RateFile(header: header, today: .last) }
        },
        TextReader(
            "ecb-rates",
            """
            <?xml version="1.0"?><gesmes:Envelope a="b"><Cube><Cube time='2020-12-28'>\
            <Cube currency='USD' rate='1.2219'/></Cube></Cube></gesmes:Envelope>
            """
        ) { try !ECBRateFile(parsing: $0).entries.isEmpty },
        TextReader("coingecko-chart", #"{"prices":[[1711843200000,69702.3087473573]]}"#) { bytes in
            let page = try CoinGeckoChart.page(in: bytes)
            return try !page.cleaned(of: .first ... .last).rows.isEmpty
        },
        TextReader(
            "alpaca-bars",
            #"{"bars":{"A":[{"t":"2024-01-02T05:00:00Z","o":1,"h":2,"l":1,"c":2,"v":5}]},"next_page_token":null}"#
        ) { bytes in
            let page = try AlpacaAnswer(parsing: bytes).bars(of: "A", in: .utc)
            return try !page.cleaned(of: .first ... .last).rows.isEmpty
        },
        TextReader(
            "alpaca-actions",
            """
            {"corporate_actions":{"forward_splits":[{"ex_date":"2024-06-10","new_rate":10,"old_rate":1}],\
            "stock_dividends":[{"ex_date":"2024-06-11","rate":0.05}],\
            "cash_dividends":[{"ex_date":"2024-06-12","rate":0.24,"currency":"USD"}],\
            "name_changes":[{"old_symbol":"FB","new_symbol":"META","process_date":"2022-06-09"}]},\
            "next_page_token":"p2"}
            """
        ) { try !RecordedAction.kept(of: AlpacaAnswer(parsing: $0).actions().rows).actions.isEmpty },
    ]

    /// Reads a file as an import does, in two pieces; the rows that were understood are more than none.
    private static func lines<File: ImportedRows>(
        of bytes: [UInt8], open: (CSVRow) throws(RowFault) -> File
    ) throws -> Bool {
        var reader = CSVReader()
        var rows = try reader.rows(in: bytes.prefix(bytes.count / 2))
        rows += try reader.rows(in: bytes.dropFirst(bytes.count / 2))
        rows += try reader.finish()
        guard let header = rows.first else { return false }
        var file = try open(header)
        var survey = FormatSurvey(StatedFormat())
        for row in rows.dropFirst() { file.survey(row, into: &survey) }
        let format = try survey.format(separator: reader.separator)
        return rows.dropFirst().count { (try? file.line($0, format)) != nil } > 0
    }
}
