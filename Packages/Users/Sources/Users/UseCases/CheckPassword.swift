import DatabaseClient
import ExactTypes
import Foundation
import ServiceKit
import SharedTypes

/// Where a request comes from, as a person sees it in the list of sessions.
struct Client: Sendable {
    /// The User-Agent header, cut to what the table holds.
    let userAgent: String
    let address: ClientAddress
}

/// A password that was right: its hash says whether it still is, once the account is held.
struct ProvenPassword: Sendable {
    let email: String
    let passwordHash: String
}

extension UsersModule {
    /// Checks a password under the limits of its account and of the client's address. Whatever is wrong, the
    /// time is that of one Argon2id. A failure is the caller's to count, by ``recordFailure(of:from:at:)``.
    ///
    /// The count is looked at again before the right password is let in: guesses that were sent in parallel gain
    /// nothing, and a person who logs in on many devices at once is not refused.
    ///
    /// - Parameter encoded: the PHC string, or nil when there is no account.
    /// - Throws: `tooManyAttempts`.
    func checkPassword(
        _ password: String, of email: String, against encoded: String?, from client: Client, at now: Date
    ) async throws -> PasswordHasher.Verdict {
        let account = AttemptSubject(scope: .loginAccount, text: email.lowercased())
        try await requireAttempt(account, at: now)
        try await requireAttempt(AttemptSubject(.loginAddress, client.address), at: now)
        try await recordAttempt(AttemptSubject(.passwordAddress, client.address), at: now)
        let verdict = try await passwords.verify(
            PasswordPolicy.normalised(password), against: encoded, for: client.address)
        guard verdict != .wrong else { return .wrong }
        try await requireAttempt(account, at: now)
        try await forgetAttempts(account)
        return verdict
    }

    /// Counts a wrong password against its account and the client's address.
    func recordFailure(of email: String, from client: Client, at now: Date) async throws {
        try await recordAttempt(AttemptSubject(.loginAddress, client.address), at: now)
        try await recordAttempt(AttemptSubject(scope: .loginAccount, text: email.lowercased()), at: now)
    }

    /// Checks the password of who is logged in once more, before something that a borrowed access token must not
    /// do. It takes long, so it comes before the transaction, which then calls ``holdAccount(of:proven:on:)``.
    ///
    /// - Throws: `wrongPassword`, which the caller counts, and `tooManyAttempts`.
    func provePassword(
        _ password: String, of principal: Principal, from client: Client, at now: Date
    ) async throws -> ProvenPassword {
        _ = try await findAccount(of: principal)
        let row = try await database.acting(as: principal.userID.uuid).findPassword(userID: principal.userID)
        guard let row else { throw UsersError.sessionEnded }
        let verdict = try await checkPassword(
            password, of: row.email, against: row.passwordHash, from: client, at: now)
        guard verdict != .wrong else { throw UsersError.wrongPassword }
        return ProvenPassword(email: row.email, passwordHash: row.passwordHash)
    }

    /// Holds the account until the transaction ends. Throws `changedMeanwhile` when its password is not the proven
    /// one any more, and `sessionEnded`.
    func holdAccount(
        of principal: Principal, proven: ProvenPassword, on transaction: DatabaseTransaction
    ) async throws {
        guard let held = try await transaction.holdPassword(userID: principal.userID) else {
            throw UsersError.sessionEnded
        }
        _ = try await findAccount(of: principal, on: transaction)
        guard held.passwordHash == proven.passwordHash else { throw UsersError.changedMeanwhile }
    }

    /// Hashes a password that an account is to have from now on. Throws `tooManyAttempts`.
    func hashNewPassword(
        _ password: String, of userID: User.ID, from address: ClientAddress, at now: Date
    ) async throws -> String {
        try await recordAttempt(
            AttemptSubject(scope: .passwordChangeAccount, text: userID.description), at: now)
        try await recordAttempt(AttemptSubject(.passwordAddress, address), at: now)
        return try await passwords.hash(password, for: address)
    }
}
