import DatabaseClient
import ExactTypes
import Foundation
import Logging
import ServiceKit
import SharedTypes

/// What a log-in or a refresh hands out.
struct IssuedTokens: Sendable {
    let sessionID: Session.ID
    let accessToken: String
    let refreshToken: OpaqueToken
}

extension UsersModule {
    /// Begins a session. Throws `invalidCredentials`, whether the email is unknown or the password wrong;
    /// `accountSuspended` and `accountClosed` only to who knows the password; `tooManyAttempts`. One session too
    /// many ends the one that was used the longest ago.
    func logIn(email written: String, password: String, from client: Client) async throws -> IssuedTokens {
        let now = Date()
        let email = try check("email") { () throws(ParseError) in try EmailAddress(parsing: written) }
        // The second time is for a hash that was replaced between the check and the session.
        for _ in 1...2 {
            let login = try await database.findLogin(loginEmail: email.text)
            let verdict = try await checkPassword(
                password, of: email.text, against: login?.passwordHash, from: client, at: now)
            guard let login, verdict != .wrong else {
                try await recordFailure(of: email.text, from: client, at: now)
                throw UsersError.invalidCredentials
            }
            let userID = login.userID
            // After the password: who does not know it neither uses the limit up nor learns of it.
            try await recordAttempt(
                AttemptSubject(scope: .sessionAccount, text: userID.description), at: now)
            guard
                let tokens = try await beginSession(userID, proven: login.passwordHash, from: client, at: now)
            else { continue }
            if verdict == .outdated {
                await renewHash(of: userID, login.passwordHash, password, from: client, at: now)
            }
            return tokens
        }
        throw UsersError.invalidCredentials
    }

    /// Nil when the password is not the proven one any more.
    private func beginSession(
        _ userID: User.ID, proven passwordHash: String, from client: Client, at now: Date
    ) async throws -> IssuedTokens? {
        let sessionID = Session.ID.version7(at: now)
        let token = OpaqueToken(userID: userID, sessionID: sessionID, secret: OpaqueToken.randomSecret())
        let isOperator: Bool? = try await database.transaction(as: userID.uuid) { transaction in
            guard let login = try await transaction.holdLogin(userID: userID),
                login.passwordHash == passwordHash
            else { return nil }
            try login.status.requireOpen()
            try await makeRoom(for: userID, on: transaction, at: now)
            try await transaction.insertSession(
                userID: userID, sessionID: sessionID, userAgent: client.userAgent,
                address: client.address.description,
                now: now, expiresAt: now.addingTimeInterval(Lifetimes.session))
            try await transaction.insertRefreshToken(
                userID: userID, refreshTokenID: .version7(at: now), sessionID: sessionID, parentID: nil,
                generation: 1, tokenHash: token.hash,
                expiresAt: now.addingTimeInterval(Lifetimes.idleRefreshToken),
                now: now)
            return login.isOperator
        }
        guard let isOperator else { return nil }
        let accessToken = try await accessToken(userID, sessionID, isOperator: isOperator, at: now)
        return IssuedTokens(sessionID: sessionID, accessToken: accessToken, refreshToken: token)
    }

    /// Forgets what is old, and ends the sessions that leave no room for one more.
    private func makeRoom(
        for userID: User.ID, on transaction: DatabaseTransaction, at now: Date
    ) async throws {
        let forgotten = now.addingTimeInterval(-Lifetimes.forgottenAfter)
        try await transaction.deleteOldEmailTokens(userID: userID, before: forgotten)
        try await transaction.deleteOldSessions(
            userID: userID, before: forgotten, keptEnded: SessionLimit.endedKept)
        let ended = try await transaction.endSurplusSessions(
            now: now, userID: userID, kept: SessionLimit.live - 1)
        guard ended > 0 else { return }
        try await transaction.revokeEndedTokens(now: now, userID: userID)
    }

    /// Hashes the password under today's parameters. The session stands already, so a failure only waits for
    /// the next log-in.
    private func renewHash(
        of userID: User.ID, _ old: String, _ password: String, from client: Client, at now: Date
    ) async {
        do {
            let renewed = try await passwords.hash(PasswordPolicy.normalised(password), for: client.address)
            // On a connection of its own: it may wait for the row, and on a shared one others would wait with it.
            _ = try await database.transaction(as: userID.uuid) { transaction in
                try await transaction.replacePasswordHash(
                    passwordHash: renewed, now: now, userID: userID, oldPasswordHash: old)
            }
        } catch {
            logger.warning("A password could not be hashed anew.", metadata: ["error": "\(error)"])
        }
    }

    /// Signs an access token of a session.
    func accessToken(
        _ userID: User.ID, _ sessionID: Session.ID, isOperator: Bool, at now: Date
    ) async throws -> String {
        let claims = AccessTokenClaims(
            principal: Principal(userID: userID, sessionID: sessionID.uuid, isOperator: isOperator),
            issuer: configuration.tokenIssuer, audience: configuration.tokenAudience, now: now,
            lifetimeSeconds: Int(Lifetimes.accessToken))
        return try await signingKeys.sign(claims, at: now)
    }
}

extension UserStatus {
    /// Throws when the account may not be used.
    func requireOpen() throws(UsersError) {
        switch self {
        case .pendingVerification, .active: break
        case .suspended: throw .accountSuspended
        case .closed: throw .accountClosed
        }
    }
}
