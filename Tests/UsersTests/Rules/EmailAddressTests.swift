import ExactTypes
import Testing

@testable import Users

@Suite struct EmailAddressTests {
    @Test func keepsTheLocalPartAndLowersTheDomain() throws {
        let email = try EmailAddress(parsing: "Ada.L+grove@Example.COM")
        #expect(email.text == "Ada.L+grove@example.com")
        #expect(email.key == "ada.l+grove@example.com")
    }

    @Test(arguments: [
        "", "ada", "ada@", "@example.com", "ada@example", "a@b@example.com", "ada lovelace@example.com",
        ".ada@example.com", "ada.@example.com", "a..b@example.com", "ada@-example.com", "ada@example..com",
        "ada@exa_mple.com", "äda@example.com", "ada@exämple.com", "ada@example.com\r\nBcc: all@example.com",
        "ada@example.com>", String(repeating: "a", count: 65) + "@example.com",
        "a@" + String(repeating: "a", count: 64) + ".com",
        "a@" + Array(repeating: String(repeating: "a", count: 50), count: 6).joined(separator: "."),
    ])
    func refuses(_ text: String) {
        #expect(throws: ParseError.self) { try EmailAddress(parsing: text) }
    }
}
