import ExactTypes
import Foundation
import GroveTesting
import StrictJSON
import Testing

@testable import Market

@Suite struct ExchangeCalendarTests {
    private static let calendars: [String: ExchangeCalendar] = {
        let all = (try? ExchangeCalendar.all()) ?? []
        return Dictionary(uniqueKeysWithValues: all.map { ($0.mic, $0) })
    }()

    private func session(_ mic: String, _ text: String) throws -> ExchangeCalendar.Session? {
        let day = try CalendarDay(parsing: text)
        let year = try #require(Int(text.prefix(4)))
        return try #require(Self.calendars[mic]).sessions(in: year).first { $0.day == day }
    }

    /// Two years of four exchanges, session by session, as the source of the data has them itself: both changes of the
    /// clock in New York and in Europe, and every early close.
    @Test func everySessionIsThatOfTheSource() throws {
        let file = Repository.root.appending(path: "Tests/MarketTests/Fixtures/sessions.csv")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
            .filter { !$0.hasPrefix("#") }
        var own: [String] = []
        for mic in ["XNYS", "XETR", "XLON", "XSWX"] {
            let calendar = try #require(Self.calendars[mic])
            own += try (2024...2025).flatMap { try calendar.sessions(in: $0) }.map { session in
                let times = [session.opensAt, session.closesAt].map { $0.formatted(.iso8601) }
                return "\(mic),\(session.day),\(times.joined(separator: ","))"
            }
        }
        #expect(lines.count > 2_000)
        #expect(own == lines.map(String.init))
    }

    /// What people know by heart: the day of mourning for President Carter, an end of year that only New York trades, a
    /// half day on the Friday after Thanksgiving, and Swiss National Day.
    @Test(arguments: [
        ("XNYS", "2025-01-09", nil), ("XLON", "2025-01-09", "2025-01-09T16:30:00Z"),
        ("XNYS", "2021-12-31", "2021-12-31T21:00:00Z"), ("XETR", "2021-12-31", nil),
        ("XSWX", "2021-12-31", nil), ("XLON", "2021-12-31", "2021-12-31T12:30:00Z"),
        ("XNYS", "2024-11-29", "2024-11-29T18:00:00Z"), ("XSWX", "2025-08-01", nil),
        ("XNYS", "2001-09-12", nil), ("XNYS", "1990-01-02", "1990-01-02T21:00:00Z"),
        ("XNYS", "2025-03-10", "2025-03-10T20:00:00Z"), ("XETR", "2025-03-31", "2025-03-31T15:30:00Z"),
        ("XNYS", "2025-03-08", nil),
    ])
    func knowsTheDay(_ mic: String, _ day: String, _ closes: String?) throws {
        #expect(try session(mic, day)?.closesAt.formatted(.iso8601) == closes)
    }

    @Test func ofAYearThatTheDataLacksItSaysNothing() throws {
        let calendar = try #require(Self.calendars["XNYS"])
        #expect(try calendar.sessions(in: 1989) == [])
        #expect(try calendar.sessions(in: ExchangeCalendar.years.upperBound + 1) == [])
        for year in ExchangeCalendar.years {
            #expect((247...256).contains(try calendar.sessions(in: year).count), "\(year)")
        }
    }
}
