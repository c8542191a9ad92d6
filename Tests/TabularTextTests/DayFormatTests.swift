import ExactTypes
import Foundation
import Testing

@testable import TabularText

@Suite struct DayFormatTests {
    private static func format(_ order: DayOrder? = nil, _ zone: String = "UTC") throws -> DayFormat {
        DayFormat(order: order, zone: try IANATimeZone(parsing: zone))
    }

    @Test(arguments: [
        "2021-09-16", "20210916", "2021/09/16", "2021 09 16", "2021.09.16", "2021/9/16", "16 Sep 2021",
        "16-Sep-2021",
        "16-sep-21",
        "Sep 16, 2021", "September 16, 2021", "Sept. 16 2021", "16. September 2021", "2021-Sep-16",
        "Thu, 16 Sep 2021",
        "Thursday, September 16, 2021",
    ])
    func aDayThatReadsInOneWayNeedsNoOrder(text: String) throws {
        for order in [nil] + DayOrder.allCases {
            #expect(try Self.format(order).day(text).description == "2021-09-16")
        }
    }

    @Test(arguments: [
        ("16.09.2021", DayOrder.dayMonthYear), ("16.9.21", .dayMonthYear), ("16. 9. 2021", .dayMonthYear),
        ("16/09/2021", .dayMonthYear), ("16-09-2021", .dayMonthYear), ("9/16/2021", .monthDayYear),
        ("09-16-21", .monthDayYear), ("21-09-16", .yearMonthDay), ("21/9/16", .yearMonthDay),
    ])
    func aDayIsReadInTheOrderOfTheFile(text: String, order: DayOrder) throws {
        #expect(try Self.format(order).day(text).description == "2021-09-16")
        #expect(throws: ParseError.self) { try Self.format().day(text) }
    }

    /// POSIX reads 69 to 99 as years of the twentieth century.
    @Test func yearsOfTwoDigitsAreOfTheCenturyThatPOSIXSays() throws {
        for (text, day) in [
            ("01/02/68", "2068-02-01"), ("01/02/69", "1969-02-01"), ("01/02/00", "2000-02-01"),
        ] {
            #expect(try Self.format(.dayMonthYear).day(text).description == day)
        }
    }

    @Test(arguments: [
        ("2021-09-16 13:30", "2021-09-16T13:30:00.000000Z"),
        ("2021-09-16T13:30:05", "2021-09-16T13:30:05.000000Z"),
        ("2021-09-16T13:30:05.25+02:00", "2021-09-16T11:30:05.250000Z"),
        ("2021-09-16", "2021-09-16T00:00:00.000000Z"),
        ("20210916", "2021-09-16T00:00:00.000000Z"), ("20210916T133005Z", "2021-09-16T13:30:05.000000Z"),
        ("20210916;133005", "2021-09-16T13:30:05.000000Z"),
        ("2021-09-16, 13:30:05", "2021-09-16T13:30:05.000000Z"),
        ("2021-09-16t13:30:05z", "2021-09-16T13:30:05.000000Z"),
        ("2021-09-16T13:30Z", "2021-09-16T13:30:00.000000Z"),
        ("2021-09-16 13:30:05+0200", "2021-09-16T11:30:05.000000Z"),
        ("2021-09-16 13:30:05 +02", "2021-09-16T11:30:05.000000Z"),
        ("2021-09-16T13:30:05-05:30", "2021-09-16T19:00:05.000000Z"),
        ("2021-09-16 13:30:05 UTC", "2021-09-16T13:30:05.000000Z"),
        ("2021-09-16T13:30:05-00:00", "2021-09-16T13:30:05.000000Z"),
        ("16 Sep 2021 1:30 PM", "2021-09-16T13:30:00.000000Z"),
        ("9/16/2021 12:05:06 am", "2021-09-16T00:05:06.000000Z"),
        ("09/16/2021, 12:30:00PM", "2021-09-16T12:30:00.000000Z"),
        ("2021-09-16T13:30:05.123456789012345Z", "2021-09-16T13:30:05.123457Z"),
        ("2021-09-16T13:30:05,5Z", "2021-09-16T13:30:05.500000Z"),
        ("2021-09-16T13:30:05.9999999Z", "2021-09-16T13:30:06.000000Z"),
        ("2021-09-16T24:00:00Z", "2021-09-17T00:00:00.000000Z"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000000Z"),
        ("2017-01-01T00:59:60+01:00", "2017-01-01T00:00:00.000000Z"),
    ])
    func momentsAreReadInEveryUsualForm(text: String, moment: String) throws {
        #expect(try Self.format(.monthDayYear).moment(text) == Self.moment(moment))
    }

    private static func moment(_ text: String) throws -> Date {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        let microseconds = Double(text.dropFirst(20).prefix(6)) ?? .nan
        return try style.parse(text.prefix(20) + "000Z").addingTimeInterval(microseconds / 1_000_000)
    }

    /// Sydney is eleven hours ahead in January; Zurich skips 2:30 in March, and has 2:30 twice in October.
    @Test(arguments: [
        ("2024-01-10 11:00", "Australia/Sydney", "2024-01-10T00:00:00.000000Z"),
        ("2024-01-10", "Australia/Sydney", "2024-01-09T13:00:00.000000Z"),
        ("2024-01-10T11:00:00Z", "Australia/Sydney", "2024-01-10T11:00:00.000000Z"),
        ("2024-03-31 02:30:15", "Europe/Zurich", "2024-03-31T01:00:15.000000Z"),
        ("2024-10-27 02:30", "Europe/Zurich", "2024-10-27T00:30:00.000000Z"),
        ("2024-07-01 24:00", "Europe/Zurich", "2024-07-01T22:00:00.000000Z"),
    ])
    func aTimeWithoutAnOffsetIsByTheClockOfTheZone(text: String, zone: String, moment: String) throws {
        #expect(try Self.format(nil, zone).moment(text) == Self.moment(moment))
    }

    /// The day of a bar is the one that its exchange writes, whatever the offset.
    @Test func aDayMayHaveATimeBehindIt() throws {
        #expect(try Self.format().day("2024-06-06 00:00:00-04:00").description == "2024-06-06")
        #expect(throws: ParseError.self) { try Self.format().day("2024-06-06 25:00") }
    }

    @Test(arguments: [
        "2021-02-30", "20210230", "30.02.2021", "13/13/2021", "", "yesterday", "2021-09-16T25:00",
        "2021-09-16T13:60",
        "2021-09-16T13:30:61Z", "2021-09-16T13:30:60Z", "2021-09-16T24:00:01Z", "2021-09-16 0:30 PM",
        "2021-09-16 13:30 PM",
        "2021-09-16T13:30:05.Z", "2021-09-16T13:30:05+2", "2021-09-16T13:30:05+02:0",
        "2021-09-16T13:30:05+24:00",
        "2021-09-16T13:30:05 EST", "2021-09-16T", "2021-09-16x", "2021-09/16", "16 Foo 2021",
        "210916",
        "2021-09-16T1330051", "0000-01-01", "9999-12-31T24:00:00Z", "9999-12-31T23:00:00-05:00",
        "0001-01-01T00:00:00+01:00",
        "²²²²", "½½½½", "٣٣٣٣", "20²²12", "2021²²", "२०२१", "𝟚𝟘", "２０２１",
    ])
    func whatIsNoDateIsRefused(text: String) throws {
        for order in [nil] + DayOrder.allCases {
            #expect(throws: ParseError.self) { try Self.format(order).moment(text) }
        }
    }
}
