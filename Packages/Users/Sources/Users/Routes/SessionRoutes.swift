import ExactTypes
import Foundation
import HTTPTypes
import Hummingbird
import ServiceKit
import SharedTypes

extension UsersModule {
    func addSessionRoutes(to router: ServiceRouter) {
        router.post("/v1/sessions") { request, context in
            let fields = try await Fields.body(of: request, context: context)
            let email = try fields.string("email", length: 3...254)
            let password = try fields.givenPassword("password")
            try fields.finish()
            let tokens = try await logIn(email: email, password: password, from: Client(request, context))
            return try tokens.answer(status: .created)
        }
        router.post("/v1/sessions/refresh") { request, context in
            let fields = try await Fields.body(of: request, context: context)
            let token = try fields.string("refresh_token", length: 1...200)
            try fields.finish()
            return try await refreshSession(token).answer(status: .ok)
        }
        router.get("/v1/sessions") { request, context in
            let principal = try context.user()
            let page = try Page.read(from: request, context)
            let after = try page.after.map { try sessionID(after: $0) }
            _ = try await findAccount(of: principal)
            let rows = try await listSessions(of: principal.userID, after: after, limit: page.limit + 1)
            return try Response.json(
                ListAnswer(rows, limit: page.limit) {
                    SessionAnswer($0, current: principal.sessionID)
                } cursor: {
                    Cursor.encode([$0.id.description])
                })
        }
        router.delete("/v1/sessions/current") { _, context in
            let principal = try context.user()
            _ = try await endSession(
                Session.ID(principal.sessionID), of: principal.userID, because: .loggedOut)
            return Response.noContent
        }
        router.delete("/v1/sessions/{session_id}") { _, context in
            let principal = try context.user()
            let sessionID = try context.identifier("session_id", Session.self)
            _ = try await findAccount(of: principal)
            guard try await endSession(sessionID, of: principal.userID, because: .endedByUser) else {
                throw Problem.notFound("session")
            }
            return Response.noContent
        }
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
            Answer(accessToken: accessToken, refreshToken: refreshToken.text, sessionId: sessionID),
            status: status, headers: [.cacheControl: "no-store"])
    }
}

private func sessionID(after cursor: String) throws(Problem) -> Session.ID {
    try Cursor.decode(cursor, as: Session.ID.self)
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
