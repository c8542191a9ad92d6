import ExactTypes
import Testing

@testable import Users

@Suite struct ProfileRulesTests {
    @Test(arguments: [
        ("2008-11-20", "2026-11-20", true), ("2008-11-21", "2026-11-20", false),
        ("2008-12-01", "2026-11-20", false),
        ("2004-02-29", "2022-02-28", false), ("2004-02-29", "2022-03-01", true),
        ("1899-12-31", "2026-01-01", false),
        ("2030-01-01", "2026-01-01", false),
    ])
    func adultsAreEighteen(_ born: String, _ today: String, _ isAdult: Bool) throws {
        let (born, today) = (try CalendarDay(parsing: born), try CalendarDay(parsing: today))
        if isAdult {
            try ProfileRules.checkAdult(born: born, on: today)
        } else {
            #expect(throws: ParseError.self) { try ProfileRules.checkAdult(born: born, on: today) }
        }
    }

    @Test func countries() throws {
        try ProfileRules.checkCountry("CH")
        for code in ["ch", "XX", "UK", "", "CHE"] {
            #expect(throws: ParseError.self) { try ProfileRules.checkCountry(code) }
        }
    }

    @Test func timeZones() throws {
        for name in ["Europe/Zurich", "America/New_York", "UTC", "Etc/UTC"] {
            try ProfileRules.checkTimeZone(name)
        }
        for name in ["GMT+2", "Mars/Base", "", "../etc/passwd"] {
            #expect(throws: ParseError.self) { try ProfileRules.checkTimeZone(name) }
        }
    }

    @Test func avatars() throws {
        try ProfileRules.checkAvatarURL("https://example.com/a.png")
        for url in ["javascript:alert(1)", "https://", "https:///a.png"] {
            #expect(throws: ParseError.self) { try ProfileRules.checkAvatarURL(url) }
        }
    }
}
