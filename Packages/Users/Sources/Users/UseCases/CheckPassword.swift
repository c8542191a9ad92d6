import DatabaseClient
import EventLog
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

/// A password that was right: its hash says whether it still is, once the account is locked.
struct ProvenPassword: Sendable {
    let userID: User.ID
    let email: String
    let passwordHash: String
    /// Whether the hash was made under parameters that are not today's.
    let isOutdated: Bool
}

/// What checks and hashes passwords, and counts how often.
struct PasswordGuard: Sendable {
    let hasher: PasswordHasher
    let attempts: AttemptCounter
}

/// Checks a password under the limits of its account and of the client's address. Whatever is wrong, the time is that of
/// one Argon2id. A failure is the caller's to count, by ``recordWrongPassword(of:from:in:at:)``.
///
/// The count is looked at again before the right password is let in: guesses that were sent in parallel gain nothing, and
/// a person who logs in on many devices at once is not refused.
///
/// - Parameter encoded: the PHC string, or nil when there is no account.
/// - Throws: `tooManyAttempts`.
func checkPassword(
    _ password: String, of email: String, against encoded: String?, from client: Client,
    by passwords: PasswordGuard, at now: Date
) async throws -> PasswordHasher.Verdict {
    let attempts = passwords.attempts
    let account = AttemptSubject(scope: .loginAccount, text: email.lowercased())
    try await attempts.require(account, at: now)
    try await attempts.require(AttemptSubject(.loginAddress, client.address), at: now)
    try await attempts.record(AttemptSubject(.passwordAddress, client.address), at: now)
    let verdict = try await passwords.hasher.verify(
        PasswordPolicy.normalised(password), against: encoded, for: client.address)
    guard verdict != .wrong else { return .wrong }
    try await attempts.require(account, at: now)
    try await attempts.forget(account)
    return verdict
}

/// Counts a wrong password against its account and the client's address.
func recordWrongPassword(
    of email: String, from client: Client, in attempts: AttemptCounter, at now: Date
) async throws {
    try await attempts.record(AttemptSubject(.loginAddress, client.address), at: now)
    try await attempts.record(AttemptSubject(scope: .loginAccount, text: email.lowercased()), at: now)
}

/// Checks the password of who is logged in once more, before something that a borrowed access token must not do. It takes
/// long, so it comes before the transaction, which then calls ``lockAccount(of:proven:in:)``.
///
/// - Throws: `wrongPassword`, which counts, and `tooManyAttempts`.
func requireCurrentPassword(
    _ password: String, of principal: Principal, from client: Client, by passwords: PasswordGuard,
    on database: Database, at now: Date
) async throws -> ProvenPassword {
    let own = database.acting(as: principal.userID.uuid)
    _ = try await findAccount(of: principal, on: own)
    guard let row = try await own.findPassword(userID: principal.userID) else {
        throw UsersError.sessionEnded
    }
    let verdict = try await checkPassword(
        password, of: row.email, against: row.passwordHash, from: client, by: passwords, at: now)
    guard verdict != .wrong else {
        try await recordWrongPassword(of: row.email, from: client, in: passwords.attempts, at: now)
        throw UsersError.wrongPassword
    }
    return ProvenPassword(
        userID: principal.userID, email: row.email, passwordHash: row.passwordHash,
        isOutdated: verdict == .outdated)
}

/// Locks the account until the transaction ends. Throws `changedMeanwhile` when its password is not the proven one any
/// more, and `sessionEnded`.
func lockAccount(
    of principal: Principal, proven: ProvenPassword, in context: OperationContext
) async throws {
    guard let locked = try await context.transaction.lockPassword(userID: principal.userID) else {
        throw UsersError.sessionEnded
    }
    _ = try await findAccount(of: principal, on: context.transaction)
    guard locked.passwordHash == proven.passwordHash else { throw UsersError.changedMeanwhile }
}

/// Hashes a password that an account is to have from now on. Throws `tooManyAttempts`.
func hashNewPassword(
    _ password: String, of userID: User.ID, from address: ClientAddress, by passwords: PasswordGuard,
    at now: Date
) async throws -> String {
    try await passwords.attempts.record(
        AttemptSubject(scope: .passwordChangeAccount, text: userID.description), at: now)
    try await passwords.attempts.record(AttemptSubject(.passwordAddress, address), at: now)
    return try await passwords.hasher.hash(password, for: address)
}
