import ExactTypes
import StrictJSON
import Testing
import UsersContract

/// The forms of texts that the contract states, which no rule checks again.
@Suite struct ContractFormTests {
    private func profile(_ name: String, _ text: String) throws {
        let members: [String: JSONValue] = [
            "display_name": .string("Ada"), "time_zone": .string("Etc/UTC"), name: .string(text),
        ]
        _ = try UsersAPI.ProfileFields(reading: .object(members), .request)
    }

    private func preferences(locale: String) throws {
        let members: [String: JSONValue] = [
            "base_currency": .string("CHF"), "theme": .string("dark"), "cost_basis_method": .string("fifo"),
            "locale": .string(locale),
        ]
        _ = try UsersAPI.PreferencesFields(reading: .object(members), .request)
    }

    @Test func locales() throws {
        for tag in ["en", "de-CH", "zh-Hant-TW", "es-419"] { try preferences(locale: tag) }
        for tag in ["", "e", "english", "en_US", "en-", "1e", "de-CH-waytoolongsubtag", "en\n"] {
            #expect(throws: FieldError.self) { try preferences(locale: tag) }
        }
    }

    /// The Kelvin sign is K to Swift, and not to PostgreSQL.
    @Test func countries() throws {
        try profile("country", "KE")
        for code in ["ke", "KEN", "", "\u{212A}E"] {
            #expect(throws: FieldError.self) { try profile("country", code) }
        }
    }

    @Test func avatars() throws {
        try profile("avatar_url", "https://example.com/a.png")
        for url in [
            "http://example.com", "https://", "https:// example.com", "https://example.com/\u{2003}",
            "https://example.com/" + String(repeating: "a", count: 2_029),
        ] {
            #expect(throws: FieldError.self) { try profile("avatar_url", url) }
        }
    }
}
