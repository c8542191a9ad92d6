import Foundation
import Testing

@testable import StrictJSON

@Suite struct JSONCodingTests {
    private struct Payload: Codable, Equatable {
        var transactionID: String
        var portfolioIDs: [String]
        var executedAt: Date
        var note: String?
        var nested: [String: Int]
    }

    @Test func writesSnakeCaseSortedAndMomentsInUTC() throws {
        let payload = Payload(
            transactionID: "a/b", portfolioIDs: ["x"],
            executedAt: try Date(rfc3339: "2026-01-02T05:04:05.123456+02:00"), note: nil,
            nested: ["b": 2, "a": 1])
        #expect(
            try JSONCoding.text(payload)
                == #"{"executed_at":"2026-01-02T03:04:05.123456Z","nested":{"a":1,"b":2},"portfolio_ids":["x"],"transaction_id":"a/b"}"#
        )
    }

    @Test func readsWhatItWrote() throws {
        for seconds in [0, 1_800_000_000.000001, -62_135_596_800, 253_402_300_799.5] {
            let payload = Payload(
                transactionID: "ü\u{0}\"\\", portfolioIDs: [],
                executedAt: Date(timeIntervalSince1970: seconds),
                note: "🌳", nested: [:])
            let read = try JSONCoding.decode(Payload.self, from: try JSONCoding.text(payload))
            #expect(read.executedAt.rfc3339 == payload.executedAt.rfc3339)
            #expect(read.transactionID == payload.transactionID && read.note == payload.note)
        }
    }

    @Test(arguments: [
        ("transactionID", "transaction_id"), ("portfolioIDs", "portfolio_ids"), ("avatarURL", "avatar_url"),
        ("urlString", "url_string"), ("usdPriceOfDay", "usd_price_of_day"), ("day2Open", "day2_open"),
        ("a", "a"),
        ("classIDsSeen", "class_ids_seen"), ("", ""),
    ])
    func namesAreInSnakeCase(swift: String, json: String) {
        #expect(JSONCoding.memberName(swift) == json)
    }

    /// Events that were written before with three decimals.
    @Test func readsMomentsOfFewerDecimals() throws {
        let text =
            #"{"executed_at":"2026-01-02T03:04:05.678Z","nested":{},"portfolio_ids":["a"],"transaction_id":"t"}"#
        let payload = try JSONCoding.decode(Payload.self, from: text)
        #expect(payload.executedAt.rfc3339 == "2026-01-02T03:04:05.678000Z" && payload.portfolioIDs == ["a"])
        #expect(throws: DecodingError.self) {
            try JSONCoding.decode(Payload.self, from: text.replacing("03:04", with: "25:04"))
        }
    }
}
