import ExactTypes
import Foundation
import SharedTypes
import Testing

@testable import Market

/// The vendors' own examples, and texts that only look like them.
@Suite struct VendorFileTests {
    private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    // MARK: - European Central Bank

    private static func ecb(_ cubes: String, end: String = "</gesmes:Envelope>") -> [UInt8] {
        bytes(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" \
            xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
            <gesmes:subject>Reference rates</gesmes:subject><Cube>\(cubes)</Cube>\(end)
            """)
    }

    @Test func ratesAreReadInEitherKindOfQuotes() throws {
        let file = try ECBRateFile(
            parsing: Self.ecb(
                """
                <Cube time='2020-12-28'><Cube currency='USD' rate='1.2219'/><Cube currency='JPY' rate='126.61'/></Cube>
                <Cube time="2020-12-24"><Cube currency="USD" rate="1.2193"/><Cube currency="TRL" rate="1639000"/></Cube>
                """))
        #expect(
            file.entries.map { "\($0.day) \($0.base)\($0.quote) \($0.rate)" } == [
                "2020-12-28 EURUSD 1.2219", "2020-12-28 EURJPY 126.61", "2020-12-24 EURUSD 1.2193",
            ], "the old lira is in use no more")
        #expect(file.firstDay?.description == "2020-12-24")
        #expect(file.refused == 0)
    }

    @Test(
        arguments: [
            ("<html><body>Just a moment</body></html>", "is no file of reference rates"),
            ("", "ends before its end"), ("<gesmes:Envelope><Cube", "ends within a tag"),
            ("<!DOCTYPE x [<!ENTITY a 'b'>]><gesmes:Envelope></gesmes:Envelope>", "declares something"),
            ("<gesmes:Envelope><Cube><Cube time='2020-12-28'>", "ends before its end"),
            (
                "<gesmes:Envelope><Cube currency='USD' rate='1'/></gesmes:Envelope>",
                "has a rate without a day or a figure"
            ),
        ])
    func whatIsNoWholeFileIsRefused(_ text: String, _ reason: String) {
        #expect(throws: ParseError(reason: reason)) { try ECBRateFile(parsing: Self.bytes(text)) }
    }

    // MARK: - CoinGecko

    /// The example of CoinGecko's page on `/coins/{id}/market_chart`: two midnights and the present.
    @Test func aMidnightIsTheCloseOfTheDayBefore() throws {
        let page = try CoinGeckoChart.page(
            in: Self.bytes(
                """
                {"prices":[[1711843200000,69702.3087473573],[1711929600000,71246.9514406015],
                [1711983682000,68887.7495158568]],"market_caps":[],"total_volumes":[]}
                """))
        #expect(
            page.rows.map { "\($0.day) \($0.close) \($0.open) \($0.volume)" } == [
                "2024-03-30 69702.3087473573 69702.3087473573 0",
                "2024-03-31 71246.9514406015 71246.9514406015 0",
            ])
        #expect(page.nextToken == nil)
    }

    @Test func aPriceThatIsNullIsLeftOut() throws {
        let page = try CoinGeckoChart.page(
            in: Self.bytes(#"{"prices":[[1711843200000,null],[1711929600000,1e-9]]}"#))
        #expect(page.rows.map { "\($0.close)" } == ["0.000000001"])
        #expect(page.refused == 1)
    }

    // MARK: - Alpaca

    /// A bar of summer and one of winter: midnight in New York is 04:00 and 05:00 in UTC.
    @Test func aBarIsOfTheDayInNewYork() throws {
        let answer = try AlpacaAnswer(
            parsing: Self.bytes(
                """
                {"bars":{"AAPL":[
                {"t":"2023-09-29T04:00:00Z","o":172.02,"h":173.07,"l":170.341,"c":171.21,"v":51861083,"n":577411,"vw":171.599691},
                {"t":"2024-01-02T05:00:00Z","o":187.15,"h":188.44,"l":183.885,"c":185.64,"v":82496943,"n":1009074,"vw":185.9465}
                ]},"next_page_token":"QUFQTHxE"}
                """))
        let page = try answer.bars(of: "AAPL", in: try IANATimeZone(parsing: "America/New_York"))
        #expect(
            page.rows.map { "\($0.day) \($0.open) \($0.high) \($0.low) \($0.close) \($0.volume)" } == [
                "2023-09-29 172.02 173.07 170.341 171.21 51861083",
                "2024-01-02 187.15 188.44 183.885 185.64 82496943",
            ])
        #expect(page.nextToken == "QUFQTHxE")
        #expect(try answer.bars(of: "MSFT", in: .utc).rows.isEmpty)
    }

    @Test(
        arguments: [
            #"{"bars":{}}"#, #"{"bars":[],"next_page_token":null}"#, #"{"message":"forbidden."}"#, "[]", "",
            #"{"bars":{"AAPL":[{"t":"2023-09-29","o":1,"h":1,"l":1,"c":1,"v":1}]},"next_page_token":null}"#,
            #"{"bars":{"AAPL":[{"t":"2023-09-29T04:00:00Z","o":"1","h":1,"l":1,"c":1,"v":1}]},"next_page_token":null}"#,
        ])
    func whatIsNoPageOfBarsIsRefused(_ text: String) {
        #expect(throws: ParseError.self) {
            try AlpacaAnswer(parsing: Self.bytes(text)).bars(of: "AAPL", in: .utc)
        }
    }

    /// Members as alpaca-py's tests of this endpoint have them.
    @Test func actionsOfOneDayThatContradictAreRefused() throws {
        let answer = try AlpacaAnswer(
            parsing: Self.bytes(
                """
                {"corporate_actions":{"forward_splits":[
                {"id":"1","symbol":"SRE","ex_date":"2023-08-22","new_rate":2,"old_rate":1,"process_date":"2023-08-22"},
                {"id":"2","symbol":"SRE","ex_date":"2023-08-22","new_rate":3,"old_rate":1,"process_date":"2023-08-22"}
                ]},"next_page_token":null}
                """))
        let actions = try answer.actions().rows
        #expect(actions.count == 2)
        #expect(throws: ParseError(reason: "gives two of a kind for 2023-08-22")) {
            try RecordedAction.kept(of: actions)
        }
        let (kept, refused) = try RecordedAction.kept(of: Array(actions.prefix(1)) + actions.prefix(1))
        #expect(kept.count == 1 && refused == 0)
    }
}
