import ContractKit
import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import GroveTesting
import Logging
import Mail
import ServiceKit
import ServiceLifecycle
import SharedTypes
import StrictJSON
import Synchronization
import Testing
import UsersContract

@testable import Users

/// A clock that goes with the machine's and that a test sets ahead.
final class TestClock: Sendable {
    private let offset = Mutex<TimeInterval>(0)

    var now: Date { offset.withLock { Date().addingTimeInterval($0) } }

    func advance(seconds: TimeInterval) { offset.withLock { $0 += seconds } }
    func advance(days: Double) { advance(seconds: .days(days)) }
}

/// Users behind a real socket, on a database of its own, as its own role, verifying by its own keys.
struct UsersServer: Sendable {
    static let password = "unlikely tulip 42"

    let users: UsersModule
    let database: Database
    let test: TestDatabase
    let clock: TestClock
    let mailFolder: URL
    let port: Int

    /// - Parameter address: the client's, as the proxy says in front of which the server believes it stands.
    func send(
        _ method: String, _ path: String, token: String? = nil, from address: String? = nil,
        headers: [String: String] = [:], json: String? = nil
    ) async throws -> TestClient.Answer {
        var headers = headers
        if let token { headers["Authorization"] = "Bearer \(token)" }
        if let address { headers["X-Forwarded-For"] = address }
        return try await TestClient.shared.send(
            method, "http://127.0.0.1:\(port)\(path)", headers: headers, body: json)
    }

    /// The client of the contracts, which asks with a token.
    func client(token: String? = nil) -> ContractClient {
        .forTests(baseURL: "http://127.0.0.1:\(port)", token: token)
    }

    /// Registers a person and gives the account's id.
    @discardableResult
    func register(_ email: String, password: String = password) async throws -> User.ID {
        try await client().send(
            UsersAPI.RegisterUser.self, body: .init(email: email, password: password, displayName: "Ada")
        ).body.id
    }

    func attemptLogIn(
        _ email: String, password: String = password, from address: String? = nil
    ) async throws -> TestClient.Answer {
        try await send(
            "POST", "/v1/sessions", from: address,
            json: #"{"email": "\#(email)", "password": "\#(password)"}"#)
    }

    func logIn(_ email: String, password: String = password) async throws -> Tokens {
        Tokens(
            try await client().send(UsersAPI.LogIn.self, body: .init(email: email, password: password)).body)
    }

    func refresh(_ token: String) async throws -> TestClient.Answer {
        try await send("POST", "/v1/sessions/refresh", json: #"{"refresh_token": "\#(token)"}"#)
    }

    /// Sends what waits, and gives the tokens of the messages to an email, oldest first.
    func mailedTokens(to email: String) async throws -> [String] {
        try await users.mailSender.sendOutgoingMail()
        return try MailFiles.tokens(to: email, in: mailFolder)
    }

    struct Tokens: Sendable, Hashable {
        let access: String
        let refresh: String
        let session: String

        init(_ tokens: UsersAPI.Tokens) {
            access = tokens.accessToken
            refresh = tokens.refreshToken
            session = "\(tokens.sessionID)"
        }

        init(_ answer: TestClient.Answer) throws {
            self.init(try UsersAPI.Tokens(reading: answer.json, .strictAnswer))
        }
    }

    private static let patientHasher = PasswordHasher(
        limits: HashingQueue.Limits(waitingPerAddress: 100_000, waiting: 100_000))
    private static let sealingKey = Data(repeating: 7, count: 32).base64EncodedString()

    static func module(
        _ test: TestDatabase, database: Database, mail: MailTransport, publicURL: String?,
        hasher: PasswordHasher?, clock: TestClock, logger: Logger
    ) throws -> UsersModule {
        let configuration = try UsersConfiguration(
            sealingKey: sealingKey, mail: mail, publicURL: publicURL, tokenIssuer: "grove",
            tokenAudience: "grove")
        var users = UsersModule(
            database: database, worker: test.database(role: "users_worker"), events: test.events(of: "users"),
            configuration: configuration, logger: logger, now: { clock.now })
        // Tests that run side by side share the process's threads, and none may be refused for another's
        // load.
        users.hasher = hasher ?? patientHasher
        return users
    }
}

/// Runs Users on a fresh database for the length of the body.
func withUsers(
    hasher: PasswordHasher? = nil, mail: MailTransport? = nil, publicURL: String? = nil,
    _ body: @escaping @Sendable (UsersServer) async throws -> Void
) async throws {
    try await withTestDatabase { test in
        let folder = FileManager.default.temporaryDirectory.appending(path: "grove-mail-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        let logger = Logger(label: "users-tests") { _ in SwiftLogNoOpLogHandler() }
        let database = test.database(role: "users_service")
        let clock = TestClock()
        let users = try UsersServer.module(
            test, database: database, mail: mail ?? .folder(MailFolder(path: folder.path)),
            publicURL: publicURL, hasher: hasher, clock: clock, logger: logger)
        let verifier = TokenVerifier(
            source: .inProcess { try await users.publishSigningKeys() }, issuer: "grove", audience: "grove",
            now: { clock.now }, logger: logger)
        var configuration = ServiceConfiguration()
        configuration.port = 0
        configuration.limits.requestBurst = 0
        configuration.limits.trustedProxies = 1
        // Side by side, the hashing of all tests' passwords may take a request longer than a user would wait.
        configuration.limits.requestSeconds = 300
        configuration.drainDelaySeconds = 0
        let application = ServiceApplication(
            name: "users-service", configuration: configuration, modules: [UnsentUsers(module: users)],
            databases: [database],
            verifier: verifier, now: { clock.now }, logger: logger)
        try await application.serve { port in
            try await body(
                UsersServer(
                    users: users, database: database, test: test, clock: clock, mailFolder: folder,
                    port: port))
        }
    }
}

/// The module as it is, save that no mail leaves by itself: a test sends it when it looks.
private struct UnsentUsers: ServiceModule {
    let module: UsersModule

    var name: String { module.name }
    var openAPI: String { module.openAPI }
    func addRoutes(to router: ServiceRouter) { module.addRoutes(to: router) }
    func refusal(of error: DatabaseError) -> (any Error)? { module.refusal(of: error) }
    var backgroundServices: [any Service] { [module.maintenance] }
}

extension TestClient.Answer {
    /// A member of the JSON object that is a string.
    func text(_ name: String) throws -> String {
        guard case .object(let members) = json, case .string(let text)? = members[name] else {
            throw MissingMember(name: name, body: self.text)
        }
        return text
    }

    func member(_ name: String) -> JSONValue? {
        guard case .object(let members) = json else { return nil }
        return members[name]
    }

    /// The last part of a problem's type.
    var slug: String? {
        guard case .string(let type)? = member("type") else { return nil }
        return type.split(separator: ":").last.map(String.init)
    }

    struct MissingMember: Error {
        let name: String
        let body: String
    }
}

/// The JSON of a token's header (0) or claims (1).
func tokenPart(_ token: String, _ index: Int) throws -> Data {
    let part = String(token.split(separator: ".")[index]).replacing("-", with: "+").replacing("_", with: "/")
    let padding = String(repeating: "=", count: (4 - part.utf8.count % 4) % 4)
    return try #require(Data(base64Encoded: part + padding))
}
