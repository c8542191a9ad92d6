import DatabaseClient
import EventLog
import Foundation
import Logging
import ServiceKit
import ServiceLifecycle
import SharedTypes

/// The door of the Users context: accounts, sessions, and the keys that verify access tokens.
public struct UsersModule: ServiceModule {
    public let name = "users"
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
