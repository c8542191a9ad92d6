import ExactTypes
import Foundation
import ServiceKit
import SharedTypes
import StrictJSON

@testable import Users

extension TextReader {
    static let users = [
        TextReader(text: "email", "ada@example.com", parse: { try AccountEmail(parsing: $0) }),
        TextReader(
            text: "password", "one two three four",
            parse: { text in
                try PasswordPolicy.accept(text, email: AccountEmail(parsing: "ada@example.com"))
            }),
        TextReader(
            text: "refresh-token", refreshToken, accept: { OpaqueToken(parsing: $0, as: .refresh) != nil }),
        TextReader(text: "email-token", emailToken, accept: { OpaqueToken(parsing: $0, as: .email) != nil }),
        TextReader(text: "country", "CH", parse: { try ProfileRules.checkCountry($0) }),
        TextReader(text: "time-zone", "Europe/Zurich", parse: { try ProfileRules.checkTimeZone($0) }),
        TextReader(
            text: "public-url", "https://grove.example", accept: { UsersConfiguration.isPublicURL($0) }),
        TextReader(
            text: "avatar", "https://example.com/a.png", parse: { try ProfileRules.checkAvatarURL($0) }),
        TextReader("settings", #"{"a": {"b": [1, "c"]}}"#) { bytes in
            try SettingsRules.check(try JSONValue(parsing: bytes))
            return true
        },
    ]

    private static let refreshToken = OpaqueToken(
        userID: User.ID(UUID()), sessionID: Session.ID(UUID()),
        secret: [UInt8](repeating: 7, count: OpaqueToken.secretLength)
    ).text
    private static let emailToken = OpaqueToken(
        userID: User.ID(UUID()), secret: [UInt8](repeating: 7, count: OpaqueToken.secretLength)
    ).text
}
