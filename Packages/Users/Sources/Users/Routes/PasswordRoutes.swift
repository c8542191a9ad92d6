import DatabaseClient
import EventLog
import ServiceKit
import SharedTypes
import UsersContract

/// `/v1/users/me/password` and `/v1/password-resets`.
struct PasswordRoutes {
    private typealias API = UsersAPI

    /// What the answer to a request for a reset takes at least: more than making the message does, so that its time does
    /// not say whether there is an account.
    private static let answerTime = Duration.milliseconds(300)

    let database: Database
    let events: EventLog
    let passwords: PasswordGuard
    let outbox: Outbox

    func add(to routes: EndpointRoutes) {
        routes.once(API.ChangePassword.self, preparing: prepareChange, change)
        routes.open(API.RequestPasswordReset.self, requestReset)
        routes.open(API.ConfirmPasswordReset.self, confirmReset)
    }

    @Sendable private func prepareChange(_ call: Call<API.ChangePassword>) async throws -> PasswordChange {
        try await preparePasswordChange(
            of: call.principal, from: call.body.currentPassword, to: call.body.newPassword,
            client: Client(call.request, call.context), by: passwords, on: database, at: call.now)
    }

    @Sendable private func change(
        _ call: Call<API.ChangePassword>, _ change: PasswordChange, _ operation: OperationContext
    ) async throws -> API.ChangePassword.Output {
        try await changePassword(of: call.principal, change, events: events, in: operation)
        return .noContent
    }

    @Sendable private func requestReset(
        _ call: OpenCall<API.RequestPasswordReset>
    ) async throws -> API.RequestPasswordReset.Output {
        let answered = ContinuousClock.now + Self.answerTime
        let asked = try await findResettableAccount(
            email: call.body.email, from: Client(call.request, call.context), counting: passwords.attempts,
            on: database, at: call.now)
        if let asked {
            try await call.context.write(as: asked.userID, on: database, at: call.now) { operation in
                try await issueEmailToken(.passwordReset, to: asked.email, by: outbox, in: operation)
            }
        }
        try await Task.sleep(until: answered, clock: .continuous)
        return .accepted
    }

    @Sendable private func confirmReset(
        _ call: OpenCall<API.ConfirmPasswordReset>
    ) async throws -> API.ConfirmPasswordReset.Output {
        guard let token = OpaqueToken(parsing: call.body.token, as: .email) else {
            throw UsersError.invalidEmailToken
        }
        let reset = try await preparePasswordReset(
            token, newPassword: call.body.newPassword, from: Client(call.request, call.context),
            by: passwords, on: database, at: call.now)
        try await call.context.write(as: token.userID, on: database, at: call.now) { operation in
            try await confirmPasswordReset(reset, events: events, in: operation)
        }
        try await forgetAccountLimits(of: token.userID, in: passwords.attempts)
        return .noContent
    }
}
