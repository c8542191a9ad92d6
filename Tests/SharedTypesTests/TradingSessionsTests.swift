import ExactTypes
import Foundation
import SharedTypes
import Testing

/// Sessions are those of exchange_calendars 4.13.2, as Tests/MarketTests/Fixtures/sessions.csv has them.
@Suite struct TradingSessionsTests {
    private func moment(_ text: String) throws -> Date { try Date(text, strategy: .iso8601) }

    private func sessions(_ rows: [(day: String, opens: String, closes: String)]) throws -> TradingSessions {
        TradingSessions(
            try rows.map {
                .init(
                    day: try CalendarDay(parsing: $0.day), opensAt: try moment("\($0.day)T\($0.opens)Z"),
                    closesAt: try moment("\($0.day)T\($0.closes)Z"))
            })
    }

    /// What runs, what is over and what comes at a moment, by their days.
    private func place(_ text: String, in sessions: TradingSessions) throws -> [String?] {
        let moment = try moment(text)
        return [
            sessions.running(at: moment), sessions.lastCompleted(at: moment), sessions.next(after: moment),
        ]
        .map { $0?.day.description }
    }

    /// New York closes at once for the day of mourning on Thursday, January 9, 2025.
    private func mourning() throws -> TradingSessions {
        try sessions([
            ("2025-01-08", "14:30:00", "21:00:00"), ("2025-01-10", "14:30:00", "21:00:00"),
            ("2025-01-13", "14:30:00", "21:00:00"),
        ])
    }

    private static let places: [(String, String?, String?, String?)] = [
        // The opening belongs to the session, the close does not.
        ("2025-01-08T14:29:59Z", nil, nil, "2025-01-08"),
        ("2025-01-08T14:30:00Z", "2025-01-08", nil, "2025-01-10"),
        ("2025-01-08T20:59:59Z", "2025-01-08", nil, "2025-01-10"),
        ("2025-01-08T21:00:00Z", nil, "2025-01-08", "2025-01-10"),
        // The exchange is closed at noon of January 9.
        ("2025-01-09T17:00:00Z", nil, "2025-01-08", "2025-01-10"),
        // A weekend, and what lies beyond what is given.
        ("2025-01-11T17:00:00Z", nil, "2025-01-10", "2025-01-13"),
        ("2025-01-14T17:00:00Z", nil, "2025-01-13", nil),
    ]

    @Test(arguments: places)
    func aMomentHasItsPlace(_ moment: String, _ running: String?, _ last: String?, _ next: String?) throws {
        #expect(try place(moment, in: try mourning()) == [running, last, next])
    }

    /// In March New York changes its clock three weeks before Europe. From Friday to Monday its opening moves from 14:30 to
    /// 13:30 in UTC; Xetra's, from 08:00 to 07:00, three weeks later; in autumn both go back.
    @Test(arguments: [
        ("2025-03-07", "14:30:00", "21:00:00", "2025-03-10", "13:30:00", "20:00:00"),
        ("2025-03-28", "08:00:00", "16:30:00", "2025-03-31", "07:00:00", "15:30:00"),
        ("2025-10-31", "13:30:00", "20:00:00", "2025-11-03", "14:30:00", "21:00:00"),
        ("2025-10-24", "07:00:00", "15:30:00", "2025-10-27", "08:00:00", "16:30:00"),
    ])
    func theChangeOfTheClockIsInTheMoments(
        _ friday: String, _ opens: String, _ closes: String, _ monday: String, _ opensThen: String,
        _ closesThen: String
    ) throws {
        let both = try sessions([(friday, opens, closes), (monday, opensThen, closesThen)])
        for (day, opens, closes) in [(friday, opens, closes), (monday, opensThen, closesThen)] {
            #expect(try both.running(at: moment("\(day)T\(opens)Z"))?.day.description == day)
            #expect(try both.running(at: moment("\(day)T\(opens)Z").addingTimeInterval(-1)) == nil)
            #expect(try both.running(at: moment("\(day)T\(closes)Z").addingTimeInterval(-1)) != nil)
            #expect(try both.lastCompleted(at: moment("\(day)T\(closes)Z"))?.day.description == day)
        }
    }

    /// The Friday after Thanksgiving ends at one in the afternoon, the last day of 2021 in London at half past twelve.
    @Test func anEarlyCloseEndsTheSession() throws {
        let friday = try sessions([
            ("2024-11-29", "14:30:00", "18:00:00"), ("2024-12-02", "14:30:00", "21:00:00"),
        ])
        #expect(try place("2024-11-29T17:59:59Z", in: friday) == ["2024-11-29", nil, "2024-12-02"])
        #expect(try place("2024-11-29T18:00:00Z", in: friday) == [nil, "2024-11-29", "2024-12-02"])
        let london = try sessions([
            ("2021-12-31", "08:00:00", "12:30:00"), ("2022-01-04", "08:00:00", "16:30:00"),
        ])
        #expect(try place("2021-12-31T13:00:00Z", in: london) == [nil, "2021-12-31", "2022-01-04"])
    }

    @Test func whereNoCalendarIsKnownMondayToFridayIsAssumedAndOfCoinsEveryDay() throws {
        // From Thursday to Tuesday.
        let (first, last) = (try CalendarDay(parsing: "2025-01-09"), try CalendarDay(parsing: "2025-01-14"))
        let shares = try TradingSessions(assuming: .weekdays, from: first, to: last)
        #expect(
            shares.sessions.map(\.day.description) == [
                "2025-01-09", "2025-01-10", "2025-01-13", "2025-01-14",
            ])
        #expect(try place("2025-01-11T12:00:00Z", in: shares) == [nil, "2025-01-10", "2025-01-13"])
        #expect(try place("2025-01-13T00:00:00Z", in: shares) == ["2025-01-13", "2025-01-10", "2025-01-14"])
        let coins = try TradingSessions(assuming: .everyDay, from: first, to: last)
        #expect(try place("2025-01-11T12:00:00Z", in: coins) == ["2025-01-11", "2025-01-10", "2025-01-12"])
        #expect(throws: ArithmeticError.self) {
            try TradingSessions(assuming: .everyDay, from: .last, to: .last)
        }
    }

    @Test func theOrderInWhichTheyAreGivenDoesNotMatter() throws {
        let days = try mourning()
        #expect(TradingSessions(days.sessions.reversed()) == days)
    }
}
