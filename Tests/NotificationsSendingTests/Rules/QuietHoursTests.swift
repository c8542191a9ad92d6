import ExactTypes
import Foundation
import GroveTesting
import SharedTypes
import Testing

@testable import Notifications

/// Quiet hours by the clock on a user's wall, over midnight and over both changes of the clock.
@Suite struct QuietHoursTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let zone: String
        let quiet: String
        /// In UTC.
        let now: String
        /// In UTC; nil where it is not quiet.
        let end: String?
        let why: String
        var testDescription: String { "\(zone) \(quiet) at \(now): \(why)" }
    }

    static let cases = [
        Case(
            zone: "Europe/Berlin", quiet: "22:00-07:00", now: "2026-01-10T20:59:59Z", end: nil,
            why: "a second before"),
        Case(
            zone: "Europe/Berlin", quiet: "22:00-07:00", now: "2026-01-10T21:00:00Z",
            end: "2026-01-11T06:00:00Z", why: "it begins, and ends on the next day"),
        Case(
            zone: "Europe/Berlin", quiet: "22:00-07:00", now: "2026-01-11T05:59:59Z",
            end: "2026-01-11T06:00:00Z", why: "after midnight"),
        Case(
            zone: "Europe/Berlin", quiet: "22:00-07:00", now: "2026-01-11T06:00:00Z", end: nil,
            why: "at its end"),
        Case(
            zone: "Europe/Berlin", quiet: "12:00-14:00", now: "2026-07-10T11:00:00Z",
            end: "2026-07-10T12:00:00Z",
            why: "within a day"),
        // Berlin: forward on 2026-03-29 at 01:00 UTC, from 02:00 to 03:00; back on 2026-10-25 at 01:00 UTC.
        Case(
            zone: "Europe/Berlin", quiet: "22:00-07:00", now: "2026-03-28T22:00:00Z",
            end: "2026-03-29T05:00:00Z",
            why: "a spring night is short"),
        Case(
            zone: "Europe/Berlin", quiet: "22:00-07:00", now: "2026-10-24T22:00:00Z",
            end: "2026-10-25T06:00:00Z",
            why: "an autumn night is long"),
        Case(
            zone: "Europe/Berlin", quiet: "22:00-02:30", now: "2026-03-28T22:00:00Z",
            end: "2026-03-29T01:00:00Z",
            why: "02:30 is skipped: the first moment after"),
        Case(
            zone: "Europe/Berlin", quiet: "02:15-02:45", now: "2026-03-29T01:00:00Z", end: nil,
            why: "all of it is skipped"),
        Case(
            zone: "Europe/Berlin", quiet: "22:00-02:30", now: "2026-10-25T00:30:00Z",
            end: "2026-10-25T01:30:00Z",
            why: "at the first 02:30 it is quiet until the second"),
        Case(
            zone: "Europe/Berlin", quiet: "22:00-02:30", now: "2026-10-25T01:29:59Z",
            end: "2026-10-25T01:30:00Z",
            why: "before the second"),
        Case(
            zone: "Europe/Berlin", quiet: "02:30-07:00", now: "2026-10-25T00:30:00Z",
            end: "2026-10-25T06:00:00Z",
            why: "it begins at the first 02:30"),
        Case(
            zone: "Europe/Berlin", quiet: "02:30-07:00", now: "2026-10-25T01:10:00Z",
            end: "2026-10-25T06:00:00Z",
            why: "and the second 02:10 does not break it"),
        // New York: forward on 2026-03-08 at 07:00 UTC; back on 2026-11-01 at 06:00 UTC.
        Case(
            zone: "America/New_York", quiet: "23:00-02:30", now: "2026-03-08T05:00:00Z",
            end: "2026-03-08T07:00:00Z",
            why: "spring"),
        Case(
            zone: "America/New_York", quiet: "23:00-01:30", now: "2026-11-01T05:45:00Z",
            end: "2026-11-01T06:30:00Z",
            why: "autumn, after the first 01:30"),
        // Sydney: back on 2026-04-05 at 16:00 UTC of the 4th; forward on 2026-10-04 at 16:00 UTC of the 3rd.
        Case(
            zone: "Australia/Sydney", quiet: "22:00-02:30", now: "2026-04-04T15:45:00Z",
            end: "2026-04-04T16:30:00Z",
            why: "autumn is in April"),
        Case(
            zone: "Australia/Sydney", quiet: "22:00-02:30", now: "2026-10-03T14:00:00Z",
            end: "2026-10-03T16:00:00Z",
            why: "spring is in October"),
        // Santiago changes at midnight: forward on 2026-09-06 at 04:00 UTC (00:00 to 01:00), back on 2026-04-05 at
        // 03:00 UTC (24:00 of the 4th to 23:00).
        Case(
            zone: "America/Santiago", quiet: "22:00-00:30", now: "2026-09-06T03:00:00Z",
            end: "2026-09-06T04:00:00Z",
            why: "midnight is skipped"),
        Case(
            zone: "America/Santiago", quiet: "23:30-06:00", now: "2026-04-05T02:30:00Z",
            end: "2026-04-05T10:00:00Z",
            why: "23:30 comes twice, and the first begins it"),
        Case(
            zone: "America/Santiago", quiet: "23:30-06:00", now: "2026-04-05T03:10:00Z",
            end: "2026-04-05T10:00:00Z",
            why: "the second 23:10 does not break it"),
        // Lord Howe moves by half an hour, at 02:00: back on 2026-04-05 at 15:00 UTC of the 4th.
        Case(
            zone: "Australia/Lord_Howe", quiet: "22:00-01:45", now: "2026-04-04T14:50:00Z",
            end: "2026-04-04T15:15:00Z", why: "half an hour twice"),
        // Samoa left out 2011-12-30, at 10:00 UTC: from the 29th straight to the 31st.
        Case(
            zone: "Pacific/Apia", quiet: "22:00-07:00", now: "2011-12-30T09:00:00Z",
            end: "2011-12-30T17:00:00Z",
            why: "two nights that are one"),
    ]

    @Test(arguments: cases) func ends(_ each: Case) throws {
        let quiet = try #require(QuietHours(each.quiet))
        let now = try moment(each.now)
        let end = try each.end.map(moment)
        #expect(quiet.end(at: now, in: try IANATimeZone(parsing: each.zone)) == end)
    }

    @Test func refusesWhatIsNoSpan() {
        #expect(QuietHours(from: 60, until: 60) == nil)
        #expect(QuietHours(from: -1, until: 60) == nil)
        #expect(QuietHours(from: 0, until: 1_440) == nil)
    }

    /// Of every zone, at moments of which every other lies near a change of its clock. The window leaves at least two
    /// hours in which a message may come.
    @Test(arguments: [1, 2, 3, 4] as [UInt64]) func anEndIsAnEnd(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let zones = TimeZone.knownTimeZoneIdentifiers.sorted()
        for _ in 0..<3_000 {
            let name = zones.randomElement(using: &random) ?? "UTC"
            let zone = try IANATimeZone(parsing: name)
            let clock = try #require(TimeZone(identifier: name))
            let from = Int.random(in: 0..<1_440, using: &random)
            let length = Int.random(in: 1...1_320, using: &random)
            let quiet = try #require(QuietHours(from: from, until: (from + length) % 1_440))
            let now = randomMoment(in: clock, &random)
            let context: Comment = "\(name) \(quiet) at \(now.ISO8601Format())"
            let isChange = hasChange(clock, around: now)
            let minute = wallMinute(of: now, in: clock)
            let isInside = (minute - from + 1_440) % 1_440 < length
            guard let end = quiet.end(at: now, in: zone) else {
                #expect(!isInside, context)
                continue
            }
            #expect(isInside || isChange, context)
            #expect(end > now, context)
            #expect(end.timeIntervalSince(now) < 26 * 3_600, context)
            #expect(quiet.end(at: end, in: zone) == nil, context)
            #expect(quiet.end(at: end.addingTimeInterval(-0.001), in: zone) == end, context)
            if !hasChange(clock, around: end) {
                #expect(wallMinute(of: end, in: clock) == quiet.until, context)
            }
        }
    }

    private func randomMoment(in zone: TimeZone, _ random: inout SeededGenerator) -> Date {
        let any = Date(
            timeIntervalSince1970: Double(Int.random(in: 946_684_800...2_114_380_800, using: &random)))
        guard Bool.random(using: &random), let change = zone.nextDaylightSavingTimeTransition(after: any)
        else {
            return any
        }
        return change.addingTimeInterval(Double(Int.random(in: -14_400...14_400, using: &random)))
    }

    private func hasChange(_ zone: TimeZone, around moment: Date) -> Bool {
        let offsets = stride(from: -26.0, through: 26, by: 2).map {
            zone.secondsFromGMT(for: moment.addingTimeInterval($0 * 3_600))
        }
        return Set(offsets).count > 1
    }

    private func wallMinute(of moment: Date, in zone: TimeZone) -> Int {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let parts = calendar.dateComponents([.hour, .minute], from: moment)
        return (parts.hour ?? 0) * 60 + (parts.minute ?? 0)
    }
}

extension QuietHours {
    /// Reads "22:00-07:00".
    init?(_ text: String) {
        let numbers = text.split { $0 == ":" || $0 == "-" }.compactMap { Int($0) }
        guard numbers.count == 4 else { return nil }
        self.init(from: numbers[0] * 60 + numbers[1], until: numbers[2] * 60 + numbers[3])
    }
}

/// Reads "2026-01-10T20:59:59Z".
func moment(_ text: String) throws -> Date { try Date(text, strategy: .iso8601) }
