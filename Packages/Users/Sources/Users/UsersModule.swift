import DatabaseClient
import EventLog
import Foundation
import Logging
import ServiceKit
import ServiceLifecycle
import SharedTypes

/// The door of the Users context: accounts, sessions, and the keys that verify access tokens.
public struct UsersModule: ContextModule {
    public static let context = "users"
    public static let issuedKeys: (@Sendable (UsersModule) -> KeySource)? = { users in
        .inProcess { try await users.publishSigningKeys() }
    }
    public var openAPI: String { OpenAPI.json }

    let database: Database
    let events: EventLog
    let configuration: UsersConfiguration
    var passwords = PasswordHasher.shared
    let signingKeys: SigningKeys
    let mailFolder: MailFolder
    let logger: Logger

    /// - Parameters:
    ///   - database: a pool of the role users_service.
    ///   - events: where it tells the other contexts of accounts.
    ///   - configuration: what the deployment decides.
    public init(
        database: Database, events: EventLog, configuration: UsersConfiguration, logger: Logger
    ) {
        self.database = database
        self.events = events
        self.configuration = configuration
        self.logger = logger
        signingKeys = SigningKeys(database: database, seal: configuration.keys.signingKeySeal, logger: logger)
        mailFolder = MailFolder(path: configuration.mailFolder)
    }

    /// Makes the module out of what a process of its own has.
    public static func configured(by settings: inout Settings) -> @Sendable (ServiceResources) -> Self {
        let configuration = UsersConfiguration(from: &settings)
        return {
            UsersModule(
                database: $0.database, events: $0.events, configuration: configuration, logger: $0.logger)
        }
    }

    /// Adds every operation of openapi.yaml.
    public func addRoutes(to router: ServiceRouter) {
        addUserRoutes(to: router)
        addProfileRoutes(to: router)
        addSessionRoutes(to: router)
        addPasswordRoutes(to: router)
        addEmailVerificationRoutes(to: router)
        addSigningKeyRoutes(to: router)
    }

    /// Rotates the signing keys and forgets old counters of attempts.
    public var backgroundServices: [any Service] { [Housekeeping(users: self)] }

    /// The public keys as a JSON Web Key Set, for a verifier in the same process.
    public func publishSigningKeys() async throws -> String { try await signingKeys.document(at: Date()) }
}
