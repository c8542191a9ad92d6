import DatabaseClient
import EventLog
import ExactTypes
import ServiceKit
import SharedTypes
import UsersContract

/// `/v1/users`.
struct UserRoutes {
    private typealias API = UsersAPI

    let database: Database
    let events: EventLog
    let passwords: PasswordGuard
    let outbox: Outbox

    func add(to routes: EndpointRoutes) {
        routes.open(API.RegisterUser.self, register)
        routes.read(API.FindAccount.self, find)
        routes.once(API.CloseAccount.self, preparing: prove, close)
    }

    @Sendable private func register(
        _ call: OpenCall<API.RegisterUser>
    ) async throws -> API.RegisterUser.Output {
        let (address, now) = (call.context.clientAddress, call.now)
        try await passwords.attempts.record(AttemptSubject(.registrationAddress, address), at: now)
        let account = try await prepareRegistration(call.body, from: address, by: passwords, at: now)
        try await call.context.write(as: account.userID, on: database, at: now) { operation in
            try await registerUser(account, events: events, outbox: outbox, in: operation)
        }
        // There is no session yet that could have ended.
        let registered = Principal(
            userID: account.userID, sessionID: Session.ID.lowest.uuid, isOperator: false)
        let row = try await findAccount(of: registered, on: database.acting(as: account.userID.uuid))
        return .created(API.Account(row))
    }

    @Sendable private func find(_ call: Call<API.FindAccount>) async throws -> API.FindAccount.Output {
        let row = try await findAccount(of: call.principal, on: database.acting(as: call.user.uuid))
        return .ok(API.Account(row))
    }

    @Sendable private func prove(_ call: Call<API.CloseAccount>) async throws -> ProvenPassword {
        try await requireCurrentPassword(
            call.body.password, of: call.principal, from: Client(call.request, call.context), by: passwords,
            on: database, at: call.now)
    }

    @Sendable private func close(
        _ call: Call<API.CloseAccount>, _ proven: ProvenPassword, _ operation: OperationContext
    ) async throws -> API.CloseAccount.Output {
        try await closeAccount(of: call.principal, proven: proven, events: events, in: operation)
        return .noContent
    }
}

extension UsersAPI.Account {
    fileprivate init(_ row: FindAccountRow) {
        self.init(
            id: row.id, email: row.email, emailVerified: row.emailVerifiedAt != nil, status: row.status,
            subscriptionTier: row.subscriptionTier, isOperator: row.isOperator,
            walletAddress: row.walletAddress, createdAt: row.createdAt)
    }
}
