import ContractKit
import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import HTTPTypes
import Hummingbird
import ServiceKit
import SharedTypes

/// `/v1/users`.
struct UserRoutes {
    let database: Database
    let events: EventLog
    let passwords: PasswordGuard
    let keys: DerivedKeys
    let outbox: Outbox
    let now: @Sendable () -> Date

    func add(to router: ServiceRouter) {
        router.post("/v1/users", use: register)
        router.get("/v1/users/me", use: find)
        router.post("/v1/users/me/close", use: close)
    }

    @Sendable private func register(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let fields = try await Fields.body(of: request, context: context)
        let registration = try Registration(from: fields)
        try fields.finish()
        let address = context.clientAddress
        let now = now()
        try await passwords.attempts.record(AttemptSubject(.registrationAddress, address), at: now)
        let account = try await prepareRegistration(registration, from: address, by: passwords, at: now)
        try await context.write(as: account.userID, on: database, at: now) { operation in
            try await registerUser(account, events: events, outbox: outbox, in: operation)
        }
        // There is no session yet that could have ended.
        let registered = Principal(
            userID: account.userID, sessionID: Session.ID.lowest.uuid, isOperator: false)
        let made = try await findAccount(of: registered, on: database.acting(as: account.userID.uuid))
        return try .json(AccountAnswer(made), status: .created, headers: [.location: "/v1/users/me"])
    }

    @Sendable private func find(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let principal = try context.user()
        return try .json(
            AccountAnswer(
                try await findAccount(of: principal, on: database.acting(as: principal.userID.uuid))))
    }

    @Sendable private func close(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let principal = try context.user()
        let fields = try await Fields.body(of: request, context: context)
        let password = try fields.password("password")
        try fields.finish()
        let client = Client(request, context)
        let now = now()
        return try await Idempotency(
            request, context, operation: "closeAccount", secrets: [password], keys: keys, on: database,
            now: now
        ).perform {
            try await requireCurrentPassword(
                password, of: principal, from: client, by: passwords, on: database, at: now)
        } countingWrongPassword: {
            try await countWrongPassword(
                of: principal, from: client, in: passwords.attempts, on: database, at: now)
        } work: { proven, operation in
            try await closeAccount(of: principal, proven: proven, events: events, in: operation)
            return .noContent
        }
    }
}

extension Registration {
    fileprivate init(from fields: Fields) throws(Problem) {
        self.init(
            email: try fields.string("email", length: 3...254), password: try fields.password("password"),
            displayName: try fields.optionalString("display_name", length: 1...80))
        country = try fields.optionalString("country", length: 2...2)
        dateOfBirth = try fields.optionalDay("date_of_birth")
        timeZone = try fields.optionalString("time_zone", length: 1...64) ?? timeZone
        baseCurrency = try fields.optionalCurrency("base_currency") ?? baseCurrency
        locale = try fields.optionalString("locale", length: 2...35) ?? locale
    }
}

private struct AccountAnswer: Encodable {
    let id: User.ID
    let email: String
    let emailVerified: Bool
    let status: UserStatus
    let subscriptionTier: SubscriptionTier
    let isOperator: Bool
    let walletAddress: String?
    let createdAt: Date

    init(_ account: FindAccountRow) {
        id = account.id
        email = account.email
        emailVerified = account.emailVerifiedAt != nil
        status = account.status
        subscriptionTier = account.subscriptionTier
        isOperator = account.isOperator
        walletAddress = account.walletAddress
        createdAt = account.createdAt
    }
}
