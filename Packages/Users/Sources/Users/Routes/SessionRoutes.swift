import ContractKit
import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import HTTPTypes
import Hummingbird
import ServiceKit
import SharedTypes
import UsersContract

/// `/v1/sessions`.
struct SessionRoutes {
    private typealias API = UsersAPI

    let database: Database
    let passwords: PasswordGuard
    let keys: DerivedKeys
    let issuer: AccessTokenIssuer

    func add(to routes: EndpointRoutes) {
        routes.open(API.LogIn.self, logIn)
        routes.open(API.RefreshSession.self, refresh)
        routes.read(API.ListSessions.self, list)
        routes.write(API.LogOut.self, logOut)
        routes.write(API.EndSession.self, end)
    }

    @Sendable private func logIn(_ call: OpenCall<API.LogIn>) async throws -> API.LogIn.Output {
        let (client, password, now) = (Client(call.request, call.context), call.body.password, call.now)
        let email = try FieldError.checked("email", call.body.email, AccountEmail.init(parsing:))
        // The second time is for a hash that was replaced between the check and the session.
        for _ in 1...2 {
            let proven = try await proveLogin(
                email: email, password: password, from: client, by: passwords, on: database, at: now)
            let session = try await call.context.write(as: proven.userID, on: database, at: now) {
                try await Users.logIn(proven, from: client, in: $0)
            }
            guard let session else { continue }
            let tokens = try await tokens(of: session, at: now)
            if proven.isOutdated {
                await renewPasswordHash(
                    proven, password, from: client, by: passwords.hasher, on: database, at: now,
                    logger: call.context.logger)
            }
            return .created(tokens)
        }
        throw UsersError.invalidCredentials
    }

    @Sendable private func refresh(
        _ call: OpenCall<API.RefreshSession>
    ) async throws -> API.RefreshSession.Output {
        guard let token = OpaqueToken(parsing: call.body.refreshToken, as: .refresh),
            let sessionID = token.sessionID
        else { throw UsersError.invalidRefreshToken }
        let outcome = try await call.context.write(as: token.userID, on: database, at: call.now) {
            try await refreshSession(token, of: sessionID, keys: keys, logger: call.context.logger, in: $0)
        }
        switch outcome {
        case .open(let session): return .ok(try await tokens(of: session, at: call.now))
        case .tooSoon(let seconds):
            throw UsersError.tooManyAttempts(
                retryAfterSeconds: max(1, Int(exactly: seconds.rounded(.up)) ?? 1))
        case .refuse: throw UsersError.invalidRefreshToken
        }
    }

    private func tokens(of session: OpenSession, at now: Date) async throws -> API.Tokens {
        API.Tokens(
            accessToken: try await issueAccessToken(of: session, by: issuer, at: now),
            expiresIn: Int(Lifetimes.accessToken), refreshToken: session.refreshToken.text,
            sessionID: session.sessionID)
    }

    @Sendable private func list(_ call: Call<API.ListSessions>) async throws -> API.ListSessions.Output {
        let page = try call.page(Session.ID.self)
        let own = database.acting(as: call.user.uuid)
        _ = try await findAccount(of: call.principal, on: own)
        let rows = try await listSessions(
            of: call.user, after: page.after, limit: page.rowLimit, on: own, at: call.now)
        return .ok(page.answer(rows, { API.Session($0, current: call.principal.sessionID) }) { $0.id })
    }

    @Sendable private func logOut(
        _ call: Call<API.LogOut>, _ operation: OperationContext
    ) async throws -> API.LogOut.Output {
        try await endSession(Session.ID(call.principal.sessionID), because: .loggedOut, in: operation)
        return .noContent
    }

    @Sendable private func end(
        _ call: Call<API.EndSession>, _ operation: OperationContext
    ) async throws -> API.EndSession.Output {
        _ = try await findAccount(of: call.principal, on: operation.transaction)
        guard
            try await endSession(call.parameters.sessionID, because: .endedByUser, in: operation)
        else { throw Problem.notFound("session") }
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

extension UsersAPI.Session {
    fileprivate init(_ row: ListSessionsRow, current session: UUID) {
        self.init(
            id: row.id, current: row.id.uuid == session, createdAt: row.createdAt,
            lastUsedAt: row.lastUsedAt, expiresAt: row.expiresAt, userAgent: row.userAgent,
            address: row.address)
    }
}
