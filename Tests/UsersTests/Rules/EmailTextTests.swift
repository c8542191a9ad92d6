import ExactTypes
import Foundation
import SharedTypes
import Testing

@testable import Users

@Suite struct EmailTextTests {
    private let token = OpaqueToken(
        userID: User.ID(UUID()), secret: [UInt8](repeating: 7, count: OpaqueToken.secretLength))

    @Test func withAPublicAddressALinkCarriesTheToken() {
        let verification = EmailText.verification(token, publicURL: "https://grove.example")
        #expect(
            verification.body.contains("\n\nhttps://grove.example/verify-email?token=\(token.text)\n\n"))
        #expect(verification.body.contains("within three days"))
        let reset = EmailText.passwordReset(token, publicURL: "https://grove.example/app")
        #expect(
            reset.body.contains("\n\nhttps://grove.example/app/reset-password?token=\(token.text)\n\n"))
        #expect(reset.body.contains("within one hour"))
        #expect(!verification.body.contains("POST") && !reset.body.contains("POST"))
    }

    @Test func withoutOneTheTokenStandsAloneAndTheMessageSaysWhatToDo() {
        let verification = EmailText.verification(token, publicURL: nil)
        #expect(verification.body.contains("\n\n\(token.text)\n\n"))
        #expect(verification.body.contains("POST /v1/email-verifications/confirm"))
        let reset = EmailText.passwordReset(token, publicURL: nil)
        #expect(reset.body.contains("\n\n\(token.text)\n\n"))
        #expect(reset.body.contains("POST /v1/password-resets/confirm"))
        #expect(verification.subject != reset.subject)
    }

    @Test(arguments: [
        ("https://grove.example", true), ("http://127.0.0.1:8080", true), ("https://grove.example/app", true),
        ("https://grove.example/", false), ("grove.example", false), ("ftp://grove.example", false),
        ("https://", false), ("https://me@grove.example", false), ("https://grove.example?a=b", false),
    ])
    func aPublicAddressIsWhatALinkCanBeginWith(_ text: String, _ isOne: Bool) {
        #expect(UsersConfiguration.isPublicURL(text) == isOne)
    }
}
