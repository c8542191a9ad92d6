import DatabaseClient
import EventLog
import ServiceKit
import UsersContract

/// `/v1/email-verifications`.
struct EmailVerificationRoutes {
    private typealias API = UsersAPI

    let database: Database
    let events: EventLog
    let attempts: AttemptCounter
    let outbox: Outbox

    func add(to routes: EndpointRoutes) {
        routes.once(API.RequestEmailVerification.self, request)
        routes.open(API.ConfirmEmailVerification.self, confirm)
    }

    @Sendable private func request(
        _ call: Call<API.RequestEmailVerification>, _ operation: OperationContext
    ) async throws -> API.RequestEmailVerification.Output {
        try await requestEmailVerification(
            of: call.principal, from: Client(call.request, call.context), counting: attempts, outbox: outbox,
            in: operation)
        return .accepted
    }

    @Sendable private func confirm(
        _ call: OpenCall<API.ConfirmEmailVerification>
    ) async throws -> API.ConfirmEmailVerification.Output {
        guard let token = OpaqueToken(parsing: call.body.token, as: .email) else {
            throw UsersError.invalidEmailToken
        }
        try await call.context.write(as: token.userID, on: database, at: call.now) { operation in
            try await confirmEmailVerification(token, events: events, in: operation)
        }
        return .noContent
    }
}
