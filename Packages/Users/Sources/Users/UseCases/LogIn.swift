import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import Logging
import ServiceKit
import SharedTypes

/// A session that stands, and the refresh token to go on with.
struct OpenSession: Sendable {
    let userID: User.ID
    let sessionID: Session.ID
    let isOperator: Bool
    let refreshToken: OpaqueToken
}

/// Checks the password of an email. Throws `invalidCredentials`, whether the email is unknown or the password wrong, and
/// `tooManyAttempts`.
func proveLogin(
    email: AccountEmail, password: String, from client: Client, by passwords: PasswordGuard,
    on database: Database, at now: Date
) async throws -> ProvenPassword {
    let login = try await database.findLogin(loginEmail: email.text)
    let verdict = try await checkPassword(
        password, of: email.text, against: login?.passwordHash, from: client, by: passwords, at: now)
    guard let login, verdict != .wrong else {
        try await recordWrongPassword(of: email.text, from: client, in: passwords.attempts, at: now)
        throw UsersError.invalidCredentials
    }
    // After the password: who does not know it neither uses the limit up nor learns of it.
    try await passwords.attempts.record(
        AttemptSubject(scope: .sessionAccount, text: login.userID.description), at: now)
    return ProvenPassword(
        userID: login.userID, email: login.email, passwordHash: login.passwordHash,
        isOutdated: verdict == .outdated)
}

/// Begins a session of who has proven the password; nil when it is not the proven one any more. Throws `accountSuspended`
/// and `accountClosed`. One session too many ends the one that was used the longest ago.
func logIn(
    _ proven: ProvenPassword, from client: Client, in context: OperationContext
) async throws -> OpenSession? {
    let (userID, transaction, now) = (proven.userID, context.transaction, context.now)
    guard let login = try await transaction.lockLogin(userID: userID),
        login.passwordHash == proven.passwordHash
    else { return nil }
    try login.status.requireOpen()
    try await makeRoom(in: context)
    let sessionID = Session.ID.version7(at: now)
    let token = OpaqueToken(userID: userID, sessionID: sessionID, secret: OpaqueToken.randomSecret())
    try await transaction.insertSession(
        userID: userID, sessionID: sessionID, userAgent: client.userAgent,
        address: client.address.description, now: now, expiresAt: now.addingTimeInterval(Lifetimes.session))
    try await transaction.insertRefreshToken(
        userID: userID, refreshTokenID: .version7(at: now), sessionID: sessionID, parentID: nil,
        generation: 1, tokenHash: token.hash, expiresAt: now.addingTimeInterval(Lifetimes.idleRefreshToken),
        now: now)
    return OpenSession(
        userID: userID, sessionID: sessionID, isOperator: login.isOperator, refreshToken: token)
}

/// Deletes what is old, and ends the sessions that leave no room for one more.
private func makeRoom(in context: OperationContext) async throws {
    let (userID, transaction, now) = (try context.user, context.transaction, context.now)
    let before = now.addingTimeInterval(-Lifetimes.forgottenAfter)
    try await transaction.deleteOldEmailTokens(userID: userID, before: before)
    try await transaction.deleteOldSessions(
        userID: userID, before: before, keptEnded: SessionLimit.endedKept)
    let ended = try await transaction.endSurplusSessions(
        now: now, userID: userID, kept: SessionLimit.live - 1)
    guard ended > 0 else { return }
    try await transaction.revokeEndedTokens(now: now, userID: userID)
}

/// Hashes the password under today's parameters. The session stands already, so a failure only waits for the next log-in.
func renewPasswordHash(
    _ proven: ProvenPassword, _ password: String, from client: Client, by hasher: PasswordHasher,
    on database: Database, at now: Date, logger: Logger
) async {
    do {
        let renewed = try await hasher.hash(PasswordPolicy.normalised(password), for: client.address)
        // On a connection of its own: it may wait for the row, and on a shared one others would wait with it.
        _ = try await database.transaction(as: proven.userID.uuid) { transaction in
            try await transaction.replacePasswordHash(
                passwordHash: renewed, now: now, userID: proven.userID, oldPasswordHash: proven.passwordHash)
        }
    } catch {
        logger.warning("A password could not be hashed anew.", metadata: ["error": "\(error)"])
    }
}
