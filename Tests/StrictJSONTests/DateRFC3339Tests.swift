import ExactTypes
import Foundation
import Testing

@testable import StrictJSON

@Suite struct DateRFC3339Tests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0.0), ("2021-09-01T13:30:00Z", 1_630_503_000),
        ("2021-09-01T15:30:00+02:00", 1_630_503_000),
        ("2021-09-01t08:00:00-05:30", 1_630_503_000), ("2021-09-01T13:30:00.5Z", 1_630_503_000.5),
        ("2021-09-01T13:30:00.123456Z", 1_630_503_000.123456),
        ("2021-09-01T13:30:00.123456499Z", 1_630_503_000.123456),
        ("0001-01-01T00:00:00Z", -62_135_596_800), ("9999-12-31T23:59:59Z", 253_402_300_799),
        ("1969-12-31T23:59:59Z", -1), ("2024-02-29T00:00:00z", 1_709_164_800),
    ])
    func reads(text: String, seconds: Double) throws {
        let date = try Date(rfc3339: text)
        #expect(abs(date.timeIntervalSince1970 - seconds) < 0.000_000_5)
    }

    @Test(arguments: [
        "", "2021-09-01", "2021-09-01T13:30:00", "2021-09-01 13:30:00Z", "2021-02-30T00:00:00Z",
        "2021-09-01T24:00:00Z",
        "2021-09-01T13:60:00Z", "2021-09-01T13:30:60Z", "2021-09-01T13:30:00+2:00", "2021-09-01T13:30:00+02",
        "2021-09-01T13:30:00.Z", "2021-09-01T13:30:00.1234567890Z", "2021-09-01T13:30:00+24:00",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "9999-12-31T23:59:59.9999999Z",
        "2021-09-01T13:30:00Zx", "２０２１-09-01T13:30:00Z",
    ])
    func refuses(text: String) {
        #expect(throws: ParseError.self) { try Date(rfc3339: text) }
    }

    @Test(arguments: [
        (0.0, "1970-01-01T00:00:00.000000Z"), (-0.000001, "1969-12-31T23:59:59.999999Z"),
        (1_630_503_000.123456, "2021-09-01T13:30:00.123456Z"),
        (1_630_503_000.999_999_9, "2021-09-01T13:30:01.000000Z"),
    ])
    func writes(seconds: Double, text: String) {
        #expect(Date(timeIntervalSince1970: seconds).rfc3339 == text)
    }

    @Test func readsBackWhatItWrites() throws {
        // Between 1900 and 2100 a Double of seconds tells microseconds apart.
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<1_000 {
            let microseconds = Int.random(
                in: -2_200_000_000_000_000...4_100_000_000_000_000, using: &generator)
            let date = Date(timeIntervalSince1970: Double(microseconds) / 1_000_000)
            let text = date.rfc3339
            #expect(try Date(rfc3339: text).rfc3339 == text)
        }
    }
}
