import ContractKit
import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import Hummingbird
import ServiceKit
import SharedTypes

/// `/v1/users/me/password` and `/v1/password-resets`.
struct PasswordRoutes {
    /// What the answer to a request for a reset takes at least: more than making the message does, so that its time does
    /// not tell whether there is an account.
    private static let answerTime = Duration.milliseconds(300)

    let database: Database
    let events: EventLog
    let passwords: PasswordGuard
    let keys: DerivedKeys
    let outbox: Outbox
    let now: @Sendable () -> Date

    func add(to router: ServiceRouter) {
        router.post("/v1/users/me/password", use: change)
        router.post("/v1/password-resets", use: requestReset)
        router.post("/v1/password-resets/confirm", use: confirmReset)
    }

    @Sendable private func change(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let principal = try context.user()
        let fields = try await Fields.body(of: request, context: context)
        let current = try fields.password("current_password")
        let new = try fields.password("new_password")
        try fields.finish()
        let client = Client(request, context)
        let now = now()
        return try await Idempotency(
            request, context, operation: "changePassword", secrets: [current, new], keys: keys, on: database,
            now: now
        ).perform {
            try await preparePasswordChange(
                of: principal, from: current, to: new, client: client, by: passwords, on: database, at: now)
        } countingWrongPassword: {
            try await countWrongPassword(
                of: principal, from: client, in: passwords.attempts, on: database, at: now)
        } work: { change, operation in
            try await changePassword(of: principal, change, events: events, in: operation)
            return .noContent
        }
    }

    @Sendable private func requestReset(
        _ request: Request, _ context: ServiceContext
    ) async throws -> Response {
        let fields = try await Fields.body(of: request, context: context)
        let email = try fields.string("email", length: 3...254)
        try fields.finish()
        let answered = ContinuousClock.now + Self.answerTime
        let now = now()
        let asked = try await findResettableAccount(
            email: email, from: Client(request, context), counting: passwords.attempts, on: database, at: now)
        if let asked {
            try await context.write(as: asked.userID, on: database, at: now) { operation in
                try await issueEmailToken(.passwordReset, to: asked.email, by: outbox, in: operation)
            }
        }
        try await Task.sleep(until: answered, clock: .continuous)
        return Response(status: .accepted)
    }

    @Sendable private func confirmReset(
        _ request: Request, _ context: ServiceContext
    ) async throws -> Response {
        let fields = try await Fields.body(of: request, context: context)
        let text = try fields.string("token", length: 1...200)
        let password = try fields.password("new_password")
        try fields.finish()
        guard let token = OpaqueToken(parsing: text, as: .email) else { throw UsersError.invalidEmailToken }
        let now = now()
        let reset = try await preparePasswordReset(
            token, newPassword: password, from: Client(request, context), by: passwords, on: database,
            at: now)
        try await context.write(as: token.userID, on: database, at: now) { operation in
            try await confirmPasswordReset(reset, events: events, in: operation)
        }
        try await forgetAccountLimits(of: token.userID, in: passwords.attempts)
        return .noContent
    }
}

extension Fields {
    /// A password to be checked or set. Its length says nothing about the rules: old ones stay usable, and
    /// `PasswordPolicy` says what is wrong with a new one.
    func password(_ name: String) throws(Problem) -> String { try string(name, length: 1...1_024) }
}
