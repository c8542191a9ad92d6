import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import Logging
import NIOCore
import ServiceKit
import ServiceLifecycle
import SharedTypes
import StrictJSON
import UsersContract

/// The door of the Users context: accounts, sessions, and the keys that verify access tokens.
public struct UsersModule: ContextModule {
    public static let context = "users"
    public static let issuedKeys: (@Sendable (UsersModule) -> KeySource)? = { users in
        .inProcess { try await users.publishSigningKeys() }
    }
    public var openAPI: String { OpenAPI.json }

    let database: Database
    let worker: Database
    let events: EventLog
    let configuration: UsersConfiguration
    let now: @Sendable () -> Date
    var hasher = PasswordHasher.shared
    let signingKeys: SigningKeys
    let logger: Logger

    /// - Parameters:
    ///   - database: a pool of the role users_service.
    ///   - worker: a pool of the role users_worker, which finds mail that is due.
    ///   - events: where the other contexts learn of accounts.
    ///   - configuration: what the deployment decides.
    ///   - now: the clock that every row's times come from.
    public init(
        database: Database, worker: Database, events: EventLog, configuration: UsersConfiguration,
        logger: Logger, now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.database = database
        self.worker = worker
        self.events = events
        self.configuration = configuration
        self.now = now
        self.logger = logger
        signingKeys = SigningKeys(database: database, seal: configuration.keys.signingKeySeal, logger: logger)
    }

    /// Makes the module out of what a process of its own has.
    public static func configured(by settings: inout Settings) -> @Sendable (ServiceResources) -> Self {
        let configuration = UsersConfiguration(from: &settings)
        return {
            UsersModule(
                database: $0.database, worker: $0.worker, events: $0.events, configuration: configuration,
                logger: $0.logger)
        }
    }

    /// Adds every operation of openapi.yaml.
    public func addRoutes(to router: ServiceRouter) {
        let (keys, passwords) = (configuration.keys, passwords)
        let issuer = AccessTokenIssuer(
            keys: signingKeys, issuer: configuration.tokenIssuer, audience: configuration.tokenAudience)
        // Bodies hold passwords, which a plain hash of them would let be guessed without Argon2id.
        let routes = EndpointRoutes(
            router, on: database, hashingBody: { keys.fingerprint(of: $0.readableBytesView) }, now: now)
        UserRoutes(database: database, events: events, passwords: passwords, outbox: outbox).add(to: routes)
        ProfileRoutes(database: database, events: events).add(to: routes)
        PreferencesRoutes(database: database, events: events).add(to: routes)
        SessionRoutes(database: database, passwords: passwords, keys: keys, issuer: issuer).add(to: routes)
        PasswordRoutes(database: database, events: events, passwords: passwords, outbox: outbox)
            .add(to: routes)
        EmailVerificationRoutes(
            database: database, events: events, attempts: passwords.attempts, outbox: outbox
        ).add(to: routes)
        SigningKeyRoutes(keys: signingKeys).add(to: routes)
    }

    /// Rotates the signing keys, deletes old counters of attempts, and sends mail.
    public var backgroundServices: [any Service] { [maintenance, outgoingMail] }

    /// Sends what waits in the outbox.
    var mailSender: OutgoingMailSender {
        OutgoingMailSender(
            database: database, worker: worker, transport: configuration.mail, seal: outbox.seal, now: now,
            logger: logger)
    }

    /// The public keys as a JSON Web Key Set, for a verifier in the same process.
    public func publishSigningKeys() async throws -> String {
        String(decoding: try await signingKeys.published(at: now()).json, as: UTF8.self)
    }

    /// Makes an account outside of a request, whose email is taken for verified: the demo's people have no mailbox.
    /// - Throws: a fault of a field, `emailTaken` and `tooManyAttempts`.
    public func registerVerifiedUser(email: String, password: String) async throws -> User.ID {
        let now = now()
        let account = try await prepareRegistration(
            UsersAPI.Registration(email: email, password: password), from: .unknown, by: passwords, at: now)
        try await database.transaction(as: account.userID.uuid) { transaction in
            try await registerUser(
                account, isVerified: true, events: events, outbox: outbox,
                in: OperationContext(user: account.userID, transaction: transaction, now: now))
        }
        return account.userID
    }

    /// Gives or takes the operator's role; see `users-service grant-operator`. Throws `UsersError.noSuchAccount`.
    public static func setOperator(
        _ isOperator: Bool, email: String, on database: Database, at now: Date
    ) async throws {
        try await Users.setOperator(isOperator, email: email, on: database, at: now)
    }

    private var outbox: Outbox {
        Outbox(seal: MailSeal(key: configuration.keys.mailSeal), publicURL: configuration.publicURL)
    }

    private var passwords: PasswordGuard {
        PasswordGuard(
            hasher: hasher, attempts: AttemptCounter(database: database, keys: configuration.keys))
    }
}
