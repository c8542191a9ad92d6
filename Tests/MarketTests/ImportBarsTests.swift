import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import ServiceKit
import StrictJSON
import Testing

@testable import Market

@Suite struct ImportBarsTests {
    private static let goog = "/v1/bar-imports?symbol=GOOG&currency=USD&source=yahoo&exchange=xnas"

    private static func summary(
        _ read: Int, inserted: Int, updated: Int = 0, created: Int = 0, rounded: Int = 0,
        ignored: [String] = []
    ) -> JSONValue {
        .object([
            "read": .number(Decimal(read)), "inserted": .number(Decimal(inserted)),
            "updated": .number(Decimal(updated)), "unchanged": .number(Decimal(read - inserted - updated)),
            "rounded": .number(Decimal(rounded)), "instruments_created": .number(Decimal(created)),
            "ignored_columns": .array(ignored.map(JSONValue.string)),
        ])
    }

    @Test func aFileImportsOnceAndTheSecondTimeNothingChanges() async throws {
        let csv = try barsCSV()
        try await withMarket { market in
            let first = try await market.upload(csv, to: Self.goog)
            #expect(first.status == 200, "\(first.text)")
            #expect(first.json == Self.summary(2_148, inserted: 2_148, created: 1))
            let before = try await market.test.owner.query(
                "SELECT md5(string_agg(b::text, ',' ORDER BY day)) FROM market.price_bars AS b"
            ).one { try $0.text(0) }

            let second = try await market.upload(csv, to: Self.goog)
            #expect(second.json == Self.summary(2_148, inserted: 0))
            let after = try await market.test.owner.query(
                "SELECT md5(string_agg(b::text, ',' ORDER BY day)) FROM market.price_bars AS b"
            ).one { try $0.text(0) }
            #expect(before == after)
            #expect(try await market.count("SELECT count(*) FROM market.instruments") == 1)

            let page = try await market.get("/v1/instruments?symbol=GOOG")
            let id = try #require(page.json["items"]?[0]?["id"]?.string)
            let bars = try await market.get("/v1/instruments/\(id)/bars?limit=1")
            let line = try #require(csv.split(separator: "\n").dropFirst().first).split(separator: ",").map(
                String.init)
            #expect(
                bars.json["items"]?[0]
                    == .object([
                        "day": .string(line[0]), "open": .string(line[1]), "high": .string(line[2]),
                        "low": .string(line[3]), "close": .string(line[4]), "volume": .string(line[5]),
                        "source": .string("YAHOO"), "adjusted": .string("unknown"),
                    ]))
        }
    }

    @Test func theSameKeyGivesTheFirstAnswerAgain() async throws {
        let csv = try barsCSV(days: 10)
        try await withMarket { market in
            let first = try await market.upload(csv, to: Self.goog, key: "once")
            let second = try await market.upload(csv, to: Self.goog, key: "once")
            #expect(first.text == second.text)
            #expect(first.json == Self.summary(10, inserted: 10, created: 1))
        }
    }

    /// What was stated stays with the figures that it was stated of, and they keep the day on which they came.
    @Test func aSeriesSaysWhatItIsAdjustedTo() async throws {
        let csv = { @Sendable (close: Int) in
            "Date,Open,High,Low,Close,Volume\n2024-01-02,1,2,1,2,5\n2024-01-03,1,3,1,\(close),5\n"
        }
        try await withMarket { market in
            func upload(_ close: Int, _ more: String) async throws -> JSONValue {
                try await market.upload(csv(close), to: Self.goog + more).json
            }
            func bars() async throws -> String {
                try await market.test.owner.query(
                    """
                    SELECT string_agg(adjusted || CASE as_of WHEN '2020-01-01' THEN ' before' ELSE ' today' END, ', '
                        ORDER BY day)
                    FROM market.price_bars
                    """
                ).one { try $0.text(0) }
            }
            #expect(try await upload(2, "&adjusted=splits") == Self.summary(2, inserted: 2, created: 1))
            #expect(try await bars() == "splits today, splits today")
            try await market.test.owner.script("UPDATE market.price_bars SET as_of = '2020-01-01'")
            #expect(try await upload(2, "") == Self.summary(2, inserted: 0))
            #expect(try await bars() == "splits before, splits before")
            #expect(try await upload(2, "&adjusted=raw") == Self.summary(2, inserted: 0, updated: 2))
            #expect(try await bars() == "raw before, raw before")
            #expect(try await upload(3, "") == Self.summary(2, inserted: 0, updated: 1))
            #expect(try await bars() == "raw before, unknown today")
            let wrong = try await market.upload(csv(2), to: Self.goog + "&adjusted=dividends")
            #expect(wrong.status == 422 && wrong.json["field"] == .string("adjusted"), "\(wrong.text)")
        }
    }

    @Test func changedFiguresAreRevised() async throws {
        try await withMarket { market in
            _ = try await market.upload(
                "Date,Open,High,Low,Close,Volume\n2024-01-02,1,2,1,2,5\n2024-01-03,1,2,1,2,5\n", to: Self.goog
            )
            let revised = try await market.upload(
                "Date,Open,High,Low,Close,Adj Close,Volume\n2024-01-02,1,2,1,2,2,5\n2024-01-03,1,3,1,2.1234567890123456785,2,123456789012\n",
                to: Self.goog)
            #expect(
                revised.json == Self.summary(2, inserted: 0, updated: 1, rounded: 1, ignored: ["Adj Close"]))
            let close = try await market.test.owner.query(
                "SELECT close::text || ' ' || trim_scale(volume) FROM market.price_bars WHERE day = '2024-01-03'"
            ).one { try $0.text(0) }
            // Half to even, and a volume beyond ten digits.
            #expect(close == "2.123456789012345678 123456789012")
        }
    }

    @Test func aFaultyRowIsNamedAndNothingIsWritten() async throws {
        var lines = try barsCSV(days: 3_000).split(separator: "\n").map(String.init)
        var fields = lines[2_900].split(separator: ",").map(String.init)
        fields[2] = "0.01"
        lines[2_900] = fields.joined(separator: ",")
        let csv = lines.joined(separator: "\n")
        try await withMarket { market in
            let answer = try await market.upload(csv, to: Self.goog)
            #expect(answer.status == 422)
            #expect(answer.headers["content-type"] == "application/problem+json")
            #expect(answer.json["type"] == .string("urn:grove:problem:rows-refused"))
            #expect(answer.json["field"] == .string("High"))
            #expect(answer.json["detail"] == .string("Row 2901: High is below the open."))
            #expect(
                answer.json["rows"]
                    == .array([
                        .object([
                            "row": .number(2_901), "column": .string("High"),
                            "reason": .string("is below the open"),
                        ])
                    ]))
            // Rows before the fault had been written when it was met.
            #expect(try await market.count("SELECT count(*) FROM market.price_bars") == 0)
            #expect(try await market.count("SELECT count(*) FROM market.instruments") == 0)
        }
    }

    @Test func upToTwentyFaultsAreToldAtOnce() async throws {
        let rows = (1...30).map { _ in "2024-13-01,1,1,1,1,1" }.joined(separator: "\n")
        try await withMarket { market in
            let answer = try await market.upload("Date,Open,High,Low,Close,Volume\n" + rows, to: Self.goog)
            guard case .array(let errors)? = answer.json["rows"] else {
                Issue.record("no rows in \(answer.text)")
                return
            }
            #expect(errors.count == 20)
            #expect(errors.last?["row"] == .number(21))
        }
    }

    @Test func aFileOfManySymbolsFindsItsInstruments() async throws {
        let csv = """
            Symbol,Date,Open,High,Low,Close,Volume
            AAA,2024-01-02,1,2,1,2,5
            BBB,2024-01-02,1,2,1,2,5
            AAA,2024-01-03,1,2,1,2,5

            """
        try await withMarket { market in
            let unknown = try await market.upload(csv, to: "/v1/bar-imports")
            #expect(unknown.status == 422)
            #expect(
                unknown.json["rows"]?[1]?["reason"]
                    == .string("BBB is unknown under MANUAL; give a currency to make the instrument"))
            #expect(unknown.json["rows"]?[1]?["row"] == .number(3))
            #expect(try await market.count("SELECT count(*) FROM market.instruments") == 0)

            let made = try await market.upload(csv, to: "/v1/bar-imports?currency=CHF&class=etf")
            #expect(made.json == Self.summary(3, inserted: 3, created: 2))
            #expect(
                try await market.count(
                    "SELECT count(*) FROM market.instruments WHERE currency = 'CHF' AND class = 'etf'") == 2)
            #expect(
                (try await market.upload(csv, to: "/v1/bar-imports")).json == Self.summary(3, inserted: 0))

            let other = try await market.upload(csv, to: "/v1/bar-imports?currency=USD")
            #expect(other.status == 422)
            #expect(
                other.json["rows"]?[0]?["reason"] == .string("AAA is kept in CHF, and the import says USD"))
        }
    }

    @Test(arguments: [
        ("", "/v1/bar-imports?symbol=A&currency=USD", "rows-refused", "has no header"),
        ("Date,Open,High,Low,Close,Volume\n", "/v1/bar-imports", "rows-refused", "no symbol is given"),
        ("x,y\n", "/v1/bar-imports?symbol=A", "rows-refused", "is missing in the header"),
        (
            "Date,Open,High,Low,Close,Volume\n\"2024", "/v1/bar-imports?symbol=A", "rows-refused",
            "never closes"
        ),
        ("x", "/v1/bar-imports?symbol=%20A", "invalid-field", "symbol begins or ends with a space"),
        ("x", "/v1/bar-imports?symbol=A%00", "invalid-field", "symbol contains a control character"),
        ("x", "/v1/bar-imports?source=no+spaces", "invalid-field", "source is not a name"),
        ("x", "/v1/bar-imports?exchange=-", "invalid-field", "exchange is not a code"),
        ("x", "/v1/bar-imports?currency=XXQ", "invalid-field", "currency is not an ISO 4217"),
        ("x", "/v1/bar-imports?color=red", "invalid-field", "color is not a known field"),
    ])
    func whatCannotBeImportedIsRefused(csv: String, path: String, slug: String, detail: String) async throws {
        try await withMarket { market in
            let answer = try await market.upload(csv, to: path)
            #expect(answer.status == 422)
            #expect(answer.json["type"] == .string("urn:grove:problem:" + slug))
            #expect(answer.json["detail"]?.string?.contains(detail) == true, "\(answer.text)")
        }
    }

    @Test func onlyOperatorsImportAndOnlyCSV() async throws {
        try await withMarket { market in
            let csv = ["Content-Type": "text/csv"]
            let path = "/v1/bar-imports"
            let nobody = try await market.server.send("POST", path, headers: csv, json: "x")
            #expect(nobody.status == 401)
            let reader = try await market.server.send(
                "POST", path, token: market.userToken, headers: csv, json: "x")
            #expect(reader.status == 403)
            let wrongType = try await market.server.send(
                "POST", path, token: market.operatorToken, json: "{}")
            #expect(wrongType.status == 415)
        }
    }

    @Test func twoImportsOfOneFileAtOnceWriteItOnce() async throws {
        let csv = try barsCSV()
        try await withMarket { market in
            let answers = try await withThrowingTaskGroup(of: TestClient.Answer.self) { group in
                for _ in 0..<4 { group.addTask { try await market.upload(csv, to: Self.goog) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let inserted = answers.compactMap { $0.json["inserted"] }
            #expect(inserted.count { $0 == .number(2_148) } == 1)
            #expect(inserted.count { $0 == .number(0) } == 3)
            #expect(try await market.count("SELECT count(*) FROM market.price_bars") == 2_148)
        }
    }

    /// Pieces of every size give the same rows as one piece.
    @Test(arguments: [1, 7, 4_096])
    func piecesOfAnySizeAreRead(bytes: Int) async throws {
        let csv = Array(try barsCSV(days: 300).utf8)
        try await withTestDatabase { test in
            var progress: [ImportProgress] = []
            let file = ImportedFile {
                var rest = csv[...]
                return {
                    defer { rest = rest.dropFirst(bytes) }
                    return rest.isEmpty ? nil : Array(rest.prefix(bytes))
                }
            }
            let summary = try await MarketModule(database: test.database(role: "market_service")).importBars(
                BarImport(symbol: "GOOG", unit: CurrencyUnit(.usd)), from: file,
                progress: { progress.append($0) })
            #expect(summary.inserted == 300)
            #expect(progress.last?.read == 300)
        }
    }

    private static let header = "Date;Open;High;Low;Close;Volume\n"

    /// ghostfolio/ghostfolio#2008: bars that come in pence are kept in pounds, as activities are.
    @Test func barsInPenceAreKeptInPounds() async throws {
        try await withMarket { market in
            let csv = "Date,Open,High,Low,Close,Volume\n2024-06-06,70,70,70,70,1\n"
            for code in ["GBp", "GBX"] {
                let answer = try await market.upload(
                    csv, to: "/v1/bar-imports?symbol=VODL&source=YAHOO&currency=\(code)")
                #expect(answer.status == 200, "\(answer.text)")
            }
            let kept = try await market.test.owner.query(
                """
                SELECT i.currency || ' ' || trim_scale(b.close) || ' ' || trim_scale(b.volume)
                FROM market.price_bars b JOIN market.instruments i ON i.id = b.instrument_id
                """
            ).one { try $0.text(0) }
            #expect(kept == "GBP 0.7 1")
        }
    }

    /// portfolio-performance/portfolio#1382: where the file leaves its decimal mark open, it is asked for, and the
    /// answer imports the file; likewise the order of its days.
    @Test func whatAFileLeavesOpenIsAskedFor() async throws {
        try await withMarket { market in
            let csv = Self.header + "01/02/2024;1.500;1.600;1.400;1.500;10\n"
            let asked = try await market.upload(csv, to: Self.goog)
            #expect(asked.status == 422)
            #expect(asked.json["type"] == .string("urn:grove:problem:rows-refused"))
            let questions = try #require(asked.json["rows"])
            #expect(
                questions[0]?["parameter"] == .string("decimal_mark") && questions[0]?["row"] == .number(2))
            #expect(questions[0]?["column"] == .string("Open"))
            #expect(
                questions[0]?["readings"] == .object(["point": .string("1.5"), "comma": .string("1500")]))
            #expect(questions[1]?["parameter"] == .string("day_order"))
            #expect(try await market.count("SELECT count(*) FROM market.instruments") == 0)

            let path = Self.goog + "&decimal_mark=comma&day_order=mdy"
            #expect(try await market.upload(csv, to: path).status == 200)
            let kept = try await market.test.owner.query(
                "SELECT day::text || ' ' || trim_scale(close) FROM market.price_bars"
            ).one { try $0.text(0) }
            #expect(kept == "2024-01-02 1500")
            #expect(try await market.upload(csv, to: Self.goog + "&decimal_mark=dot").status == 422)
        }
    }

    /// Siblings: one price with two decimals, far behind, decides for all; a German file in UTF-16; one in Windows-1252
    /// with a line that names the separator.
    @Test func whatAFileDecidesIsNotAskedFor() async throws {
        let days = (1...28).map { "\($0 < 10 ? "0" : "")\($0).01.2024" }
        let rows = days.map { "\($0);1.500;1.600;1.400;1.500;10\n" }
        let german = Self.header + rows.joined() + "29.01.2024;1,5;1,5;1,5;1,5;1\n"
        let utf16: [UInt8] =
            [0xFF, 0xFE]
            + german.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
        let header = "sep=;\r\nDate;Open;High;Low;Close;Volume;Geb\u{FC}hr\r\n"
        let windows: [UInt8] = (header + "02.01.2024;1,5;1,5;1,5;1,5;1;\u{80}\r\n").unicodeScalars
            .map { UInt8(truncatingIfNeeded: $0.value) }
        for (bytes, inserted) in [(Array(german.utf8), 29), (utf16, 29), (windows, 1)] as [([UInt8], Int)] {
            try await withTestDatabase { test in
                let summary = try await MarketModule(database: test.database(role: "market_service"))
                    .importBars(
                        BarImport(symbol: "GOOG", unit: CurrencyUnit(.eur)),
                        from: ImportedFile {
                            var pieces: [[UInt8]] = [bytes]
                            return { pieces.popLast() }
                        }, progress: { _ in })
                #expect(summary.inserted == inserted)
                let kept = try await test.owner.query(
                    """
                    SELECT string_agg(DISTINCT trim_scale(close)::text, ' ' ORDER BY trim_scale(close)::text)
                    FROM market.price_bars
                    """
                ).one { try $0.text(0) }
                #expect(kept == (inserted == 1 ? "1.5" : "1.5 1500"))
            }
        }
    }
}
