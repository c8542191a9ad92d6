import Crypto
public import ExactTypes
import Foundation
public import ServiceKit

/// What a deployment decides about Users.
public struct UsersConfiguration: Sendable {
    /// The folder that messages are written to, one .eml file each, until Notifications sends them.
    public let mailFolder: String
    /// The `iss` of access tokens.
    public let tokenIssuer: String
    /// The `aud` of access tokens.
    public let tokenAudience: String
    let keys: DerivedKeys

    /// - Parameters:
    ///   - sealingKey: USERS_SEALING_KEY, 32 bytes in base64. Every instance needs the same one: with another
    ///     key the signing keys in the database cannot be opened.
    ///   - mailFolder: MAIL_FOLDER; it is made when it does not exist.
    ///   - tokenIssuer: the `iss` that every service's verifier expects.
    ///   - tokenAudience: the `aud` that every service's verifier expects.
    /// - Throws: ParseError, when the key is not 32 bytes in base64.
    public init(
        sealingKey: String, mailFolder: String, tokenIssuer: String, tokenAudience: String
    ) throws(ParseError) {
        guard let bytes = Data(base64Encoded: sealingKey), bytes.count == 32 else {
            throw ParseError(reason: "is not 32 bytes in base64, as `openssl rand -base64 32` prints them")
        }
        self.init(
            sealingKey: bytes, mailFolder: mailFolder, tokenIssuer: tokenIssuer, tokenAudience: tokenAudience)
    }

    /// Reads USERS_SEALING_KEY and MAIL_FOLDER, and whose and for whom the tokens are, as every service does.
    public init(from settings: inout Settings) {
        let standard = ServiceConfiguration()
        self.init(
            sealingKey: settings.sealingKey("USERS_SEALING_KEY"),
            mailFolder: settings.string("MAIL_FOLDER", default: "mail"),
            tokenIssuer: settings.string("TOKEN_ISSUER", default: standard.tokenIssuer),
            tokenAudience: settings.string("TOKEN_AUDIENCE", default: standard.tokenAudience))
    }

    private init(sealingKey: Data, mailFolder: String, tokenIssuer: String, tokenAudience: String) {
        keys = DerivedKeys(sealingKey: SymmetricKey(data: sealingKey))
        self.mailFolder = mailFolder
        self.tokenIssuer = tokenIssuer
        self.tokenAudience = tokenAudience
    }
}
