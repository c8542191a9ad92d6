import ExactTypes
import Testing

@testable import Users

@Suite struct PasswordPolicyTests {
    private func accept(_ password: String) throws -> String {
        try PasswordPolicy.accept(password, email: AccountEmail(parsing: "ada.lovelace@example.com"))
    }

    @Test(arguments: [
        "unlikely tulip 42", "aaaaaaab", "        tabs are not needed", "ключ от дома", "🌲🌳🌴🌵🌾🌿☘️🍀",
        String(repeating: "ab", count: 128),
    ])
    func takesWhatIsLongEnough(_ password: String) throws {
        _ = try accept(password)
    }

    @Test(arguments: [
        ("1234567", "has fewer than 8 characters"),
        (String(repeating: "ab", count: 128) + "c", "has more than 256 characters"),
        ("password", "is among the commonest passwords, which are guessed first"),
        ("PassWord123", "is among the commonest passwords, which are guessed first"),
        ("ｐａｓｓｗｏｒｄ", "is among the commonest passwords, which are guessed first"),
        ("12345678", "is among the commonest passwords, which are guessed first"),
        ("Ada.Lovelace@example.com", "is the email address itself"),
        ("zzzzzzzzzz", "repeats one character"),
    ])
    func refuses(_ password: String, _ reason: String) {
        #expect(throws: ParseError(reason: reason)) { try accept(password) }
    }

    @Test func twoSpellingsOfOneCharacterAgree() throws {
        let composed = "caf\u{E9} au lait"
        let decomposed = "cafe\u{301} au lait"
        #expect(Array(composed.utf8) != Array(decomposed.utf8))
        #expect(Array(try accept(composed).utf8) == Array(try accept(decomposed).utf8))
    }

    @Test func theListHoldsWhatTheLengthAdmits() {
        #expect(CommonPasswords.all.count > 500)
        #expect(CommonPasswords.all.allSatisfy { $0.unicodeScalars.count >= 8 && $0 == $0.lowercased() })
    }
}
