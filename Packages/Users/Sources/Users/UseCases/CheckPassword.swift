import DatabaseClient
import Foundation
import SharedTypes

/// Where a request comes from, as a person sees it in the list of sessions.
struct Client: Sendable {
    /// The User-Agent header, cut to what the table holds.
    let userAgent: String
    /// The network address.
    let address: String
}

extension UsersModule {
    /// Checks a password under the limits of its account and of the client's address. Whatever is wrong, the
    /// time is that of one Argon2id.
    ///
    /// Failures are counted after they are known, and the count is looked at again before the right password
    /// is let in: guesses that were sent in parallel gain nothing, and a person who logs in on many devices
    /// at once is not refused.
    ///
    /// - Parameter encoded: the PHC string, or nil when there is no account.
    /// - Throws: `wrong`, or `tooManyAttempts`.
    func checkPassword(
        _ password: String, of email: String, against encoded: String?, from client: Client,
        orThrow wrong: UsersError, at now: Date
    ) async throws -> PasswordHasher.Verdict {
        let account = AttemptSubject(scope: .loginAccount, text: email.lowercased())
        let address = AttemptSubject(scope: .loginAddress, text: client.address)
        try await requireAttempt(account, at: now)
        try await requireAttempt(address, at: now)
        let verdict = try await passwords.verify(PasswordPolicy.normalised(password), against: encoded)
        guard verdict != .wrong else {
            try await recordAttempt(address, at: now)
            try await recordAttempt(account, at: now)
            throw wrong
        }
        try await requireAttempt(account, at: now)
        try await forgetAttempts(account)
        return verdict
    }
}
