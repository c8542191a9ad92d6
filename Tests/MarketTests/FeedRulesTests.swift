import ExactTypes
import Foundation
import SharedTypes
import StrictJSON
import Testing

@testable import Market

/// The rules of feeds: which days are expected, what is asked next, what is kept.
@Suite struct FeedRulesTests {
    private static func day(_ text: String) throws -> CalendarDay { try CalendarDay(parsing: text) }

    /// As www.fisheaters.com/dateofeaster.html lists them, from 2003 to 2025.
    private static let easters = """
        2003-04-20 2004-04-11 2005-03-27 2006-04-16 2007-04-08 2008-03-23 2009-04-12 2010-04-04 2011-04-24 2012-04-08
        2013-03-31 2014-04-20 2015-04-05 2016-03-27 2017-04-16 2018-04-01 2019-04-21 2020-04-12 2021-04-04 2022-04-17
        2023-04-09 2024-03-31 2025-04-20
        """

    @Test func easterIsOnItsDay() throws {
        for text in Self.easters.split(whereSeparator: \.isWhitespace) {
            let day = try Self.day(String(text))
            #expect(TargetCalendar.easterSunday(of: day.year) == day)
        }
    }

    /// The six closing days of the bank's decision of 14 December 2000, in a year whose Easter is on 31 March.
    @Test func theBankIsClosedOnSixDaysAndAtWeekends() throws {
        let year = try Self.day("2024-01-01")...Self.day("2024-12-31")
        let weekdays = ExpectedDays.mondayToFriday.days(in: year, sessions: [])
        let open = ExpectedDays.target.days(in: year, sessions: [])
        #expect(weekdays.count == 262)
        #expect(
            weekdays.filter { !open.contains($0) }.map(\.description) == [
                "2024-01-01", "2024-03-29", "2024-04-01", "2024-05-01", "2024-12-25", "2024-12-26",
            ])
        let before = try Self.day("2001-01-01")...Self.day("2001-12-31")
        #expect(
            ExpectedDays.target.days(in: before, sessions: []) == [], "that year had a calendar of its own")
    }

    @Test func anInstrumentIsExpectedByItsCalendar() throws {
        let week = try Self.day("2024-07-01")...Self.day("2024-07-07")
        func days(_ calendar: String?, _ instrumentClass: InstrumentClass) throws -> [String] {
            ExpectedDays(calendar: calendar, instrumentClass: instrumentClass).days(
                in: week, sessions: [try Self.day("2024-07-03"), try Self.day("2024-07-09")]
            ).map(\.description)
        }
        #expect(try days(nil, .crypto).count == 7)
        #expect(try days(nil, .equity).count == 5)
        #expect(try days("XNYS", .equity) == ["2024-07-03"], "the sessions, and those of the range alone")
    }

    @Test func daysAreAskedForInRangesThatAreNeitherLooseNorLong() throws {
        let days = try ["2024-01-02", "2024-01-05", "2024-01-20", "2024-01-21", "2025-02-01"].map(Self.day)
        #expect(
            ranges(of: days.reversed(), closerThan: 7, spanning: 366).map {
                "\($0.lowerBound) \($0.upperBound)"
            }
                == ["2024-01-02 2024-01-05", "2024-01-20 2024-01-21", "2025-02-01 2025-02-01"])
        let month = try (0..<30).map { try Self.day("2024-03-01").advanced(by: $0) }
        #expect(
            ranges(of: month, closerThan: 7, spanning: 10).map { $0.lowerBound.days(until: $0.upperBound) }
                == [9, 9, 9])
    }

    @Test func aStepIsTheRestOfTheWindowOrANewOne() throws {
        let (first, last) = (try Self.day("2024-01-01"), try Self.day("2024-12-31"))
        func step(_ next: CalendarDay, _ end: String?, _ token: String?, _ days: Int) throws -> FeedStep? {
            FeedStep(
                nextDay: next, windowEnd: try end.map(Self.day), token: token, through: last, windowDays: days
            )
        }
        #expect(try step(first, nil, nil, 10)?.days == first...Self.day("2024-01-10"))
        #expect(try step(first, nil, nil, 10_000)?.days == first...last)
        #expect(try step(Self.day("2025-01-01"), nil, nil, 10) == nil)
        let rest = try step(Self.day("2024-02-01"), "2024-03-01", "p2", 10)
        #expect(try rest?.days == Self.day("2024-02-01")...Self.day("2024-03-01"))
        #expect(rest?.token == "p2")
        let ended = try step(Self.day("2024-03-02"), "2024-03-01", "p2", 1)
        #expect(ended?.token == nil, "a window that is passed has no pages")
    }

    @Test func piecesAreOfWholeDaysAndTheLastReachesTheEnd() throws {
        let bank = try (1...9).flatMap { day in
            try ["CHF", "USD"].map { code in
                ExchangeRateTable.Entry(
                    base: .eur, quote: try Currency(parsing: code), day: try Self.day("2024-01-0\(day)"),
                    rate: .one)
            }
        }
        let end = try Self.day("2024-01-31")
        let pieces = slices(of: bank, ofAbout: 5, through: end)
        #expect(pieces.map(\.rows.count) == [6, 6, 6])
        #expect(pieces.map(\.through.description) == ["2024-01-03", "2024-01-06", "2024-01-31"])
        #expect(slices(of: [ExchangeRateTable.Entry](), ofAbout: 5, through: end).map(\.through) == [end])
        #expect(slices(of: bank, ofAbout: 18, through: end).count == 1)
    }

    @Test func aProviderIsLeftAloneLongerAndLongerUpToSixHours() {
        let pauses = (1...12).map { FeedSchedule.pause(afterFailures: $0, jitter: 1) }
        #expect(
            pauses == [
                60, 120, 240, 480, 960, 1_920, 3_840, 7_680, 15_360, 21_600, 21_600, 21_600,
            ])
        #expect(FeedSchedule.pause(afterFailures: 3, jitter: 0.5) == 120)
        #expect((1...4).map { FeedSchedule.gapPause(afterAttempts: $0) / .days(1) } == [1, 2, 4, 8])
    }

    @Test func aDayIsAskedForSixHoursAfterItsEnd() throws {
        func last(_ text: String) throws -> String {
            FeedSchedule.lastDay(at: try Date(rfc3339: text)).description
        }
        #expect(try last("2024-07-10T05:59:59Z") == "2024-07-08")
        #expect(try last("2024-07-10T06:00:00Z") == "2024-07-09")
        #expect(try last("2024-07-10T23:59:59Z") == "2024-07-09")
        let night = FeedSchedule.nextNight(after: try Date(rfc3339: "2024-07-10T06:00:00Z"))
        #expect(try night == Date(rfc3339: "2024-07-11T06:00:00Z"))
        let early = FeedSchedule.nextNight(after: try Date(rfc3339: "2024-07-10T05:00:00Z"))
        #expect(try early == Date(rfc3339: "2024-07-10T06:00:00Z"))
    }

    @Test func aFeedStandsAsItsWorstSign() throws {
        let last = try Self.day("2024-07-09")
        func status(_ active: Bool, _ asked: Bool, _ failures: Int, _ next: String) throws -> FeedStatus {
            FeedStatus(
                isActive: active, isAsked: asked, failures: failures, nextDay: try Self.day(next),
                lastDay: last)
        }
        #expect(try status(true, true, 0, "2024-07-10") == .upToDate)
        #expect(try status(true, true, 0, "2024-07-09") == .behind)
        #expect(try status(true, true, 1, "2024-07-10") == .failing)
        #expect(try status(true, false, 1, "2024-07-09") == .providerOff)
        #expect(try status(false, false, 1, "2024-07-09") == .inactive)
        #expect(StaleReason(nil) == .noFeed && StaleReason(.upToDate) == .notGiven)
    }
}
