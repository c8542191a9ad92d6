import ExactTypes
import Testing

@testable import Mail

@Suite struct MailAddressTests {
    @Test func keepsTheLocalPartAndLowersTheHost() throws {
        let address = try MailAddress(parsing: "Ada.L+grove@Example.COM")
        #expect(address.text == "Ada.L+grove@example.com")
        #expect(address.host == "example.com")
        #expect(try MailAddress(parsing: "grove@localhost").host == "localhost")
    }

    @Test(arguments: [
        "", "ada", "ada@", "@example.com", "a@b@example.com", "ada lovelace@example.com",
        ".ada@example.com", "ada.@example.com", "a..b@example.com", "ada@-example.com", "ada@example-.com",
        "ada@example..com", "ada@.com", "ada@exa_mple.com", "äda@example.com", "ada@exämple.com",
        "ada@example.com\r\nBcc: all@example.com", "ada@example.com>", "<ada@example.com", "ada@[127.0.0.1]",
        String(repeating: "a", count: 65) + "@example.com", "a@" + String(repeating: "a", count: 64) + ".com",
        "a@" + Array(repeating: String(repeating: "a", count: 50), count: 6).joined(separator: "."),
    ])
    func refuses(_ text: String) {
        #expect(throws: ParseError.self) { try MailAddress(parsing: text) }
    }
}
