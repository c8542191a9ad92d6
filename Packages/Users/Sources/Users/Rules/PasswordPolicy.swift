import ExactTypes
import Foundation

/// Which passwords are taken: length and a list of the commonest, no rules of composition, as NIST SP 800-63B
/// and OWASP ASVS 5 ask.
enum PasswordPolicy {
    /// Characters, counted after normalisation as Unicode scalars, as NIST counts them.
    static let length = 8...256

    /// The form that is hashed: NFKC, so that two keyboards that spell a character differently agree.
    static func normalised(_ password: String) -> String {
        password.precomposedStringWithCompatibilityMapping
    }

    /// Gives the normalised password, or says why it is refused.
    static func accept(_ password: String, email: AccountEmail) throws(ParseError) -> String {
        let normal = normalised(password)
        guard normal.unicodeScalars.count >= length.lowerBound else {
            throw ParseError(reason: "has fewer than 8 characters")
        }
        guard normal.unicodeScalars.count <= length.upperBound else {
            throw ParseError(reason: "has more than 256 characters")
        }
        let folded = normal.lowercased()
        guard !CommonPasswords.all.contains(folded) else {
            throw ParseError(reason: "is among the commonest passwords, which are guessed first")
        }
        guard folded != email.key else { throw ParseError(reason: "is the email address itself") }
        guard Set(normal.unicodeScalars).count > 1 else { throw ParseError(reason: "repeats one character") }
        return normal
    }
}
