import Crypto
public import ExactTypes
import Foundation
public import Mail
public import ServiceKit

/// What a deployment decides about Users.
public struct UsersConfiguration: Sendable {
    /// The way by which messages leave.
    public let mail: MailTransport
    /// Where people reach Grove, without a slash at its end: messages then hold links.
    public let publicURL: String?
    /// The `iss` of access tokens.
    public let tokenIssuer: String
    /// The `aud` of access tokens.
    public let tokenAudience: String
    let keys: DerivedKeys

    /// - Parameters:
    ///   - sealingKey: USERS_SEALING_KEY, 32 bytes in base64. Every instance needs the same one: with another
    ///     key the signing keys in the database cannot be opened.
    ///   - mail: how messages leave.
    ///   - publicURL: PUBLIC_URL, as `https://grove.example`; nil where people use the API.
    ///   - tokenIssuer: the `iss` that every service's verifier expects.
    ///   - tokenAudience: the `aud` that every service's verifier expects.
    /// - Throws: ParseError, when the key is not 32 bytes in base64.
    public init(
        sealingKey: String, mail: MailTransport, publicURL: String? = nil, tokenIssuer: String,
        tokenAudience: String
    ) throws(ParseError) {
        guard let bytes = Data(base64Encoded: sealingKey), bytes.count == 32 else {
            throw ParseError(reason: "is not 32 bytes in base64, as `openssl rand -base64 32` prints them")
        }
        self.init(
            sealingKey: bytes, mail: mail, publicURL: publicURL, tokenIssuer: tokenIssuer,
            tokenAudience: tokenAudience)
    }

    /// Reads USERS_SEALING_KEY, where mail goes, PUBLIC_URL, and whose and for whom the tokens are, as every service does.
    public init(from settings: inout Settings) {
        let standard = ServiceConfiguration()
        let publicURL = settings.optionalString("PUBLIC_URL")
        if let publicURL, !Self.isPublicURL(publicURL) {
            settings.fault("PUBLIC_URL", publicURL, "https://HOST, without a slash at the end")
        }
        self.init(
            sealingKey: settings.sealingKey("USERS_SEALING_KEY"), mail: Self.mail(from: &settings),
            publicURL: publicURL,
            tokenIssuer: settings.string("TOKEN_ISSUER", default: standard.tokenIssuer),
            tokenAudience: settings.string("TOKEN_AUDIENCE", default: standard.tokenAudience))
    }

    private init(
        sealingKey: Data, mail: MailTransport, publicURL: String?, tokenIssuer: String, tokenAudience: String
    ) {
        keys = DerivedKeys(sealingKey: SymmetricKey(data: sealingKey))
        self.mail = mail
        self.publicURL = publicURL
        self.tokenIssuer = tokenIssuer
        self.tokenAudience = tokenAudience
    }

    /// Whether a text is an address that links can begin with.
    public static func isPublicURL(_ text: String) -> Bool {
        guard let parts = URLComponents(string: text), let host = parts.host, !host.isEmpty,
            parts.user == nil, parts.query == nil, parts.fragment == nil, !text.hasSuffix("/")
        else { return false }
        // Links carry tokens: in clear they go to this machine alone.
        return parts.scheme == "https" || parts.scheme == "http" && ["localhost", "127.0.0.1"].contains(host)
    }

    /// MAIL_URL's server; without one, files in MAIL_FOLDER.
    private static func mail(from settings: inout Settings) -> MailTransport {
        let values = MailSettings.keys.compactMap { key in settings.optionalString(key).map { (key, $0) } }
        do throws(MailSettingFault) {
            if let server = try MailSettings(values: Dictionary(uniqueKeysWithValues: values)) {
                return .server(server)
            }
        } catch {
            // An address may hold a password.
            settings.fault(error.key, error.value, error.expected, isSecret: error.key == "MAIL_URL")
        }
        return .folder(MailFolder(path: settings.string("MAIL_FOLDER", default: "mail")))
    }
}
