import ExactTypes
import Foundation
import Testing

@Suite struct IANATimeZoneTests {
    @Test(arguments: ["Europe/Zurich", "America/Argentina/Buenos_Aires", "UTC", "Etc/UTC", "Asia/Kolkata"])
    func readsANameOfTheList(name: String) throws {
        #expect(try IANATimeZone(parsing: name) == IANATimeZone(parsing: name))
        _ = try IANATimeZone(parsing: "x\(name)".dropFirst())
    }

    @Test func utcIsItself() throws {
        #expect(try IANATimeZone(parsing: "UTC") == .utc)
        #expect(IANATimeZone.utc.start(of: .first) == CalendarDay.first.start)
        #expect(IANATimeZone.utc.minutes(at: CalendarDay.last.start.addingTimeInterval(86_399)) == 1_439)
    }

    /// What Foundation would read in its own way, and what it would take for UTC.
    @Test(arguments: [
        "", "GMT+2", "CET+1", "Mars/Olympus", "europe/zurich", "Europe/Zurich ", "Europe/Zürich", "+02:00",
        "CET", "/", "../etc/passwd", "Etc/../UTC",
    ])
    func refusesEverythingElse(name: String) {
        #expect(throws: ParseError(reason: "is not an IANA time zone like Europe/Zurich")) {
            try IANATimeZone(parsing: name)
        }
    }

    /// The rules of the zones as the IANA database has them.
    @Test(arguments: [
        ("UTC", "2026-03-29", "2026-03-29T00:00:00Z"),
        // Summer time begins and ends in the small hours: the day begins before.
        ("Europe/Zurich", "2026-03-29", "2026-03-28T23:00:00Z"),
        ("Europe/Zurich", "2026-10-25", "2026-10-24T22:00:00Z"),
        ("Asia/Kolkata", "2026-01-01", "2025-12-31T18:30:00Z"),
        // There is no midnight: at 24:00 it is 01:00.
        ("America/Santiago", "2026-09-06", "2026-09-06T04:00:00Z"),
        // Midnight comes twice: at 01:00 it is 00:00 again.
        ("America/Havana", "2026-11-01", "2026-11-01T04:00:00Z"),
        // At 24:00 it was 23:00 again, so that the new day came an hour later.
        ("America/Sao_Paulo", "2018-02-18", "2018-02-18T03:00:00Z"),
        // At 00:01 it was 23:01 of the day before: the clock had shown the new day for a minute.
        ("America/Goose_Bay", "2006-10-29", "2006-10-29T03:00:00Z"),
        // Samoa went over the date line and had no such day.
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"),
        ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z"),
    ])
    func aDayBeginsWhenTheClockFirstShowsIt(zone: String, day: String, start: String) throws {
        let found = try IANATimeZone(parsing: zone).start(of: CalendarDay(parsing: day))
        #expect(found == (try Date(start, strategy: .iso8601)))
    }

    @Test func theStartIsTheFirstMomentOfItsDayEverywhere() throws {
        var generator = SeededGenerator(seed: 61)
        var count = 0
        for name in TimeZone.knownTimeZoneIdentifiers {
            guard let zone = try? IANATimeZone(parsing: name) else { continue }
            for _ in 0..<20 {
                let day = try CalendarDay(daysSince1970: .random(in: 0...24_800, using: &generator))
                let start = zone.start(of: day)
                #expect(zone.day(at: start) >= day, "\(name) \(day)")
                #expect(zone.day(at: start.addingTimeInterval(-1)) < day, "\(name) \(day)")
                count += 1
            }
        }
        #expect(count > 5_000)
    }

    @Test func aTimeThatTheClockSkipsOrShowsTwice() throws {
        let zurich = try IANATimeZone(parsing: "Europe/Zurich")
        let (spring, autumn) = (
            try CalendarDay(parsing: "2026-03-29"), try CalendarDay(parsing: "2026-10-25")
        )
        // 02:30 is skipped for 03:00, which is 01:00 in UTC; in autumn it is 00:30 and 01:30.
        #expect(zurich.first(150, of: spring) == spring.start.addingTimeInterval(3_600))
        #expect(zurich.last(150, of: spring) == spring.start.addingTimeInterval(3_600))
        #expect(zurich.first(150, of: autumn) == autumn.start.addingTimeInterval(1_800))
        #expect(zurich.last(150, of: autumn) == autumn.start.addingTimeInterval(5_400))
    }
}
