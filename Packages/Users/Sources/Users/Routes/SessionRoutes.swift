import ContractKit
import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import HTTPTypes
import Hummingbird
import ServiceKit
import SharedTypes

/// `/v1/sessions`.
struct SessionRoutes {
    let database: Database
    let passwords: PasswordGuard
    let keys: DerivedKeys
    let issuer: AccessTokenIssuer
    let now: @Sendable () -> Date

    func add(to router: ServiceRouter) {
        router.post("/v1/sessions", use: logIn)
        router.post("/v1/sessions/refresh", use: refresh)
        router.get("/v1/sessions", use: list)
        router.delete("/v1/sessions/current", use: logOut)
        router.delete("/v1/sessions/{session_id}", use: end)
    }

    @Sendable private func logIn(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let fields = try await Fields.body(of: request, context: context)
        let written = try fields.string("email", length: 3...254)
        let password = try fields.password("password")
        try fields.finish()
        let client = Client(request, context)
        let email = try check("email") { () throws(ParseError) in try AccountEmail(parsing: written) }
        let now = now()
        // The second time is for a hash that was replaced between the check and the session.
        for _ in 1...2 {
            let proven = try await proveLogin(
                email: email, password: password, from: client, by: passwords, on: database, at: now)
            let session = try await context.write(as: proven.userID, on: database, at: now) { operation in
                try await Users.logIn(proven, from: client, in: operation)
            }
            guard let session else { continue }
            let tokens = try await issueAccessToken(of: session, by: issuer, at: now)
            if proven.isOutdated {
                await renewPasswordHash(
                    proven, password, from: client, by: passwords.hasher, on: database, at: now,
                    logger: context.logger)
            }
            return try tokens.answer(status: .created)
        }
        throw UsersError.invalidCredentials
    }

    @Sendable private func refresh(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let fields = try await Fields.body(of: request, context: context)
        let text = try fields.string("refresh_token", length: 1...200)
        try fields.finish()
        guard let token = OpaqueToken(parsing: text, as: .refresh), let sessionID = token.sessionID else {
            throw UsersError.invalidRefreshToken
        }
        let now = now()
        let outcome = try await context.write(as: token.userID, on: database, at: now) { operation in
            try await refreshSession(
                token, of: sessionID, keys: keys, logger: context.logger, in: operation)
        }
        switch outcome {
        case .open(let session):
            return try await issueAccessToken(of: session, by: issuer, at: now).answer(status: .ok)
        case .tooSoon(let seconds):
            throw UsersError.tooManyAttempts(
                retryAfterSeconds: max(1, Int(exactly: seconds.rounded(.up)) ?? 1))
        case .refuse: throw UsersError.invalidRefreshToken
        }
    }

    @Sendable private func list(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let principal = try context.user()
        let page = try PageQuery.read(from: request, context)
        let after = try page.after.map { try Cursor.decode($0, as: Session.ID.self) }
        let own = database.acting(as: principal.userID.uuid)
        _ = try await findAccount(of: principal, on: own)
        let rows = try await listSessions(
            of: principal.userID, after: after, limit: page.limit + 1, on: own, at: now())
        return try .json(
            ListAnswer(rows, limit: page.limit) {
                SessionAnswer($0, current: principal.sessionID)
            } cursor: {
                Cursor.encode([$0.id.description])
            })
    }

    @Sendable private func logOut(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let principal = try context.user()
        _ = try await context.write(on: database, at: now()) { operation in
            try await endSession(Session.ID(principal.sessionID), because: .loggedOut, in: operation)
        }
        return .noContent
    }

    @Sendable private func end(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let principal = try context.user()
        let sessionID = try context.identifier("session_id", Session.self)
        let isEnded = try await context.write(on: database, at: now()) { operation in
            _ = try await findAccount(of: principal, on: operation.transaction)
            return try await endSession(sessionID, because: .endedByUser, in: operation)
        }
        guard isEnded else { throw Problem.notFound("session") }
        return .noContent
    }
}

extension Client {
    init(_ request: Request, _ context: ServiceContext) {
        let agent = request.headers[.userAgent] ?? ""
        let printable = agent.unicodeScalars.filter { $0.properties.generalCategory != .control }.prefix(256)
        userAgent = String(String.UnicodeScalarView(printable))
        address = context.clientAddress
    }
}

extension IssuedTokens {
    private struct Answer: Encodable {
        let accessToken: String
        let tokenType = "Bearer"
        let expiresIn = Int(Lifetimes.accessToken)
        let refreshToken: String
        let sessionId: Session.ID
    }

    /// RFC 6749, section 5.1: no cache may keep it.
    fileprivate func answer(status: HTTPResponse.Status) throws -> Response {
        try Response.json(
            Answer(
                accessToken: accessToken, refreshToken: session.refreshToken.text,
                sessionId: session.sessionID),
            status: status, headers: [.cacheControl: "no-store"])
    }
}

private struct SessionAnswer: Encodable {
    let id: Session.ID
    let current: Bool
    let createdAt: Date
    let lastUsedAt: Date
    let expiresAt: Date
    let userAgent: String
    let address: String

    init(_ row: ListSessionsRow, current session: UUID) {
        id = row.id
        current = row.id.uuid == session
        createdAt = row.createdAt
        lastUsedAt = row.lastUsedAt
        expiresAt = row.expiresAt
        userAgent = row.userAgent
        address = row.address
    }
}
