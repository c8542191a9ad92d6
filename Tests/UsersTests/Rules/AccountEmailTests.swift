import ExactTypes
import SharedTypes
import Testing

@testable import Users

@Suite struct AccountEmailTests {
    @Test func twoSpellingsAreOneKey() throws {
        let email = try AccountEmail(parsing: "Ada.L+grove@Example.COM")
        #expect(email.text == "Ada.L+grove@example.com")
        #expect(email.key == "ada.l+grove@example.com")
    }

    /// A host of one label is this machine's or its network's, where no account has its mailbox.
    @Test(arguments: ["ada@example", "ada@localhost", "ada", "ada@example.com\r\nBcc: all@example.com"])
    func refuses(_ text: String) {
        #expect(throws: ParseError.self) { try AccountEmail(parsing: text) }
    }
}
