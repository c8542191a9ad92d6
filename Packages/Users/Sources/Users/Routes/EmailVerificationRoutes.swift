import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import Hummingbird
import ServiceKit
import SharedTypes

/// `/v1/email-verifications`.
struct EmailVerificationRoutes {
    let database: Database
    let events: EventLog
    let attempts: AttemptCounter
    let keys: DerivedKeys
    let outbox: Outbox
    let now: @Sendable () -> Date

    func add(to router: ServiceRouter) {
        router.post("/v1/email-verifications", use: request)
        router.post("/v1/email-verifications/confirm", use: confirm)
    }

    @Sendable private func request(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let principal = try context.user()
        let client = Client(request, context)
        return try await Idempotency(
            request, context, operation: "requestEmailVerification", secrets: [], keys: keys, on: database,
            now: now()
        ).perform { operation in
            try await requestEmailVerification(
                of: principal, from: client, counting: attempts, outbox: outbox, in: operation)
            return Response(status: .accepted)
        }
    }

    @Sendable private func confirm(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let fields = try await Fields.body(of: request, context: context)
        let text = try fields.string("token", length: 1...200)
        try fields.finish()
        guard let token = OpaqueToken(parsing: text, as: .email) else { throw UsersError.invalidEmailToken }
        try await context.write(as: token.userID, on: database, at: now()) { operation in
            try await confirmEmailVerification(token, events: events, in: operation)
        }
        return .noContent
    }
}
