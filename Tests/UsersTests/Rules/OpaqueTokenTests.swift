import Crypto
import ExactTypes
import Foundation
import SharedTypes
import Testing

@testable import Users

@Suite struct OpaqueTokenTests {
    private let userID = User.ID.version7(at: Date())
    private let sessionID = Session.ID.version7(at: Date())

    @Test func readsWhatItWrote() throws {
        let refresh = OpaqueToken(userID: userID, sessionID: sessionID, secret: OpaqueToken.randomSecret())
        #expect(refresh.text.hasPrefix("grr_"))
        #expect(OpaqueToken(parsing: refresh.text, as: .refresh) == refresh)
        let email = OpaqueToken(userID: userID, secret: OpaqueToken.randomSecret())
        #expect(email.text.hasPrefix("gre_"))
        #expect(OpaqueToken(parsing: email.text, as: .email) == email)
    }

    @Test func oneKindIsNotTheOther() {
        let email = OpaqueToken(userID: userID, secret: OpaqueToken.randomSecret())
        #expect(OpaqueToken(parsing: email.text, as: .refresh) == nil)
        let asRefresh = "grr_" + email.text.dropFirst(4)
        #expect(OpaqueToken(parsing: asRefresh, as: .refresh) == nil)
    }

    @Test(arguments: ["", "grr_", "grr_AAAA", "grr_!!!!", "x", "grr_" + String(repeating: "A", count: 300)])
    func refuses(_ text: String) { #expect(OpaqueToken(parsing: text, as: .refresh) == nil) }

    @Test func theSuccessorNeedsTheSecretTheIDAndTheKey() {
        let token = OpaqueToken(userID: userID, sessionID: sessionID, secret: OpaqueToken.randomSecret())
        let other = OpaqueToken(userID: userID, sessionID: sessionID, secret: OpaqueToken.randomSecret())
        let id = RefreshToken.ID.version7(at: Date())
        let key = SymmetricKey(size: .bits256)
        let next = token.successor(id, using: key)
        #expect(next == token.successor(id, using: key))
        #expect(next != other.successor(id, using: key))
        #expect(next != token.successor(.version7(at: Date()), using: key))
        #expect(next != token.successor(id, using: SymmetricKey(size: .bits256)))
    }
}
