import ExactTypes
import Foundation
import HTTPTypes
import Hummingbird
import ServiceKit
import SharedTypes

extension UsersModule {
    func addUserRoutes(to router: ServiceRouter) {
        router.post("/v1/users") { request, context in
            let fields = try await Fields.body(of: request, context: context)
            let registration = try Registration(from: fields)
            try fields.finish()
            let client = Client(request, context)
            try await recordAttempt(AttemptSubject(.registrationAddress, client.address), at: Date())
            let userID = try await registerUser(registration, from: client.address)
            // No session yet, so there is none that could have ended.
            let nobody = Principal(userID: userID, sessionID: UUID(), isOperator: false)
            let account = try await findAccount(of: nobody)
            return try Response.json(
                AccountAnswer(account), status: .created, headers: [.location: "/v1/users/me"])
        }
        router.get("/v1/users/me") { _, context in
            try Response.json(AccountAnswer(try await findAccount(of: context.user())))
        }
        router.post("/v1/users/me/close") { request, context in
            let principal = try context.user()
            let fields = try await Fields.body(of: request, context: context)
            let password = try fields.givenPassword("password")
            try fields.finish()
            let client = Client(request, context)
            return try await once(request, context, "closeAccount", secrets: [password], from: client) {
                try await provePassword(password, of: principal, from: client, at: Date())
            } work: { proven, transaction in
                try await closeAccount(of: principal, proven: proven, on: transaction)
                return .noContent
            }
        }
    }
}

extension Registration {
    fileprivate init(from fields: Fields) throws(Problem) {
        self.init(
            email: try fields.string("email", length: 3...254), password: try fields.newPassword("password"),
            displayName: try fields.optionalString("display_name", length: 1...80))
        country = try fields.optionalString("country", length: 2...2)
        dateOfBirth = try fields.optionalDay("date_of_birth")
        timeZone = try fields.optionalString("time_zone", length: 1...64) ?? timeZone
        baseCurrency = try fields.optionalCurrency("base_currency") ?? baseCurrency
        locale = try fields.optionalString("locale", length: 2...35) ?? locale
    }
}

extension Fields {
    /// A password to be checked. Its length says nothing about the rules, so that old ones stay usable.
    func givenPassword(_ name: String) throws(Problem) -> String { try string(name, length: 1...1_024) }

    /// A password to be set: `PasswordPolicy` says what is wrong with its length.
    func newPassword(_ name: String) throws(Problem) -> String { try string(name, length: 1...1_024) }
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
