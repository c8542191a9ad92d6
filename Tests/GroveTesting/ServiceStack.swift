public import EmbeddedPostgres
public import Foundation
import Migrations
import StrictJSON

/// The services as processes, each on its own port and under its own database role.
public struct ServiceStack: Sendable {
    public enum Service: String, CaseIterable, Sendable {
        case users, market, portfolios, gamification, notifications

        var product: String { "\(rawValue)-service" }
    }

    public let folder: URL
    /// The stack's own server; nil on a Citus cluster.
    public let postgres: EmbeddedPostgres?
    private let address: @Sendable (_ user: String) -> String
    let ports: [Service: Int]
    /// Where the services expect a mail server.
    public let mailPort: Int

    /// Starts a cluster of its own and migrates it; the services are started one by one.
    public static func with(durable: Bool = false, _ body: (ServiceStack) async throws -> Void) async throws {
        let folder = URL(filePath: "/tmp/grove-stack-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        if let citus = CitusCluster.shared {
            try await citus.withDatabase { name in
                try await body(
                    stack(folder, postgres: nil) { citus.connectionString(user: $0, database: name) })
            }
        } else {
            try await withServer(in: folder, durable: durable, body)
        }
        try? FileManager.default.removeItem(at: folder)
    }

    private static func withServer(
        in folder: URL, durable: Bool, _ body: (ServiceStack) async throws -> Void
    ) async throws {
        let postgres = try await EmbeddedPostgres.start(
            .init(dataDirectory: folder.appending(path: "postgres").path, durable: durable),
            progress: { _ in })
        let stack = try stack(folder, postgres: postgres) {
            postgres.connectionString(user: $0, database: "grove")
        }
        do {
            try await LocalServer.createDatabaseIfMissing("grove", server: postgres.connectionString())
            let owner = stack.connectionString(user: "postgres")
            let folder = try Repository.migrations
            try await folder.roles.create(connectionString: owner)
            try await Migrator(connectionString: owner, folder: folder).up()
            try await body(stack)
        } catch {
            await postgres.stop()
            throw error
        }
        await postgres.stop()
    }

    private static func stack(
        _ folder: URL, postgres: EmbeddedPostgres?, _ address: @escaping @Sendable (_ user: String) -> String
    ) throws -> ServiceStack {
        ServiceStack(
            folder: folder, postgres: postgres, address: address,
            ports: Dictionary(uniqueKeysWithValues: try Service.allCases.map { ($0, try freePort()) }),
            mailPort: try freePort())
    }

    public func connectionString(user: String) -> String { address(user) }

    public func url(_ service: Service, _ path: String) -> String {
        "http://127.0.0.1:\(ports[service] ?? 0)\(path)"
    }

    public func environment(_ service: Service) -> [String: String] {
        [
            "HOST": "127.0.0.1", "PORT": "\(ports[service] ?? 0)",
            "DATABASE_URL": connectionString(user: "\(service.rawValue)_service"),
            "WORKER_DATABASE_URL": connectionString(user: "\(service.rawValue)_worker"),
            "DATABASE_MAX_CONNECTIONS": "6", "DRAIN_DELAY_SECONDS": "0",
            "DATABASE_STATEMENT_BLOCK": postgres == nil ? "explicit" : "implicit",
            "JWKS_URL": url(.users, "/.well-known/jwks.json"),
            "JWKS_CACHE_FILE": folder.appending(path: "\(service.rawValue)-jwks.json").path,
            "USERS_SEALING_KEY": Data(repeating: 7, count: 32).base64EncodedString(),
            "NOTIFICATIONS_SEALING_KEY": Data(repeating: 8, count: 32).base64EncodedString(),
            "RATE_LIMIT_PER_SECOND": "100000", "RATE_LIMIT_BURST": "0", "LOG_LEVEL": "warning",
            // No test asks a vendor.
            "ECB_URL": "off",
        ].merging(service == .users ? ["MAIL_FOLDER": mailFolder.path] : mailServer) { $1 }
    }

    private var mailFolder: URL { folder.appending(path: "mail") }

    /// The environment of a service that sends to ``mailPort``; Users writes files without it.
    public var mailServer: [String: String] {
        [
            "MAIL_URL": "smtp://127.0.0.1:\(mailPort)", "MAIL_FROM": "grove@example.com",
            "MAIL_REQUIRE_TLS": "false",
        ]
    }

    /// Starts a process of a service, without waiting for it: as many as one likes, each on a port of its own.
    public func launch(_ service: Service, _ settings: [String: String] = [:]) throws -> ServiceProcess {
        try ServiceProcess(
            service.product,
            environment: environment(service).merging(["PORT": "0"]) { $1 }.merging(settings) { $1 })
    }

    /// Starts a service on its port, and waits until it is ready.
    public func start(_ service: Service, _ settings: [String: String] = [:]) async throws -> ServiceProcess {
        let process = try ServiceProcess(
            service.product, environment: environment(service).merging(settings) { $1 })
        try await process.waitUntilReady(url(service, "/readyz"))
        return process
    }

    /// Registers a user at Users and logs them in; gives the access token.
    public func signUp(_ email: String) async throws -> String {
        let registered = try await TestClient.shared.send(
            "POST", url(.users, "/v1/users"), body: Self.credentials(of: email))
        guard registered.status == 201 else { throw ServiceProcess.Failure(description: registered.text) }
        return try await logIn(email)
    }

    /// Redeems the token of the message that a user got when they signed up, once it was sent.
    public func verifyEmail(_ email: String) async throws {
        var tokens: [String] = []
        for _ in 0..<600 where tokens.isEmpty {
            tokens = try MailFiles.tokens(to: email, in: mailFolder)
            if tokens.isEmpty { try await Task.sleep(for: .milliseconds(50)) }
        }
        let answer = try await TestClient.shared.send(
            "POST", url(.users, "/v1/email-verifications/confirm"),
            body: #"{"token": "\#(tokens.last ?? "")"}"#)
        guard answer.status == 204 else { throw ServiceProcess.Failure(description: answer.text) }
    }

    /// Logs a user in who has signed up; gives a new access token.
    public func logIn(_ email: String) async throws -> String {
        let session = try await TestClient.shared.send(
            "POST", url(.users, "/v1/sessions"), body: Self.credentials(of: email))
        guard let token = session.json["access_token"]?.string else {
            throw ServiceProcess.Failure(description: session.text)
        }
        return token
    }

    private static func credentials(of email: String) -> String {
        #"{"email": "\#(email)", "password": "correct horse battery staple"}"#
    }
}

/// A port that nobody listens on now.
public func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
        }
    }
    guard isBound else { throw ServiceProcess.Failure(description: "no free port") }
    return Int(UInt16(bigEndian: address.sin_port))
}

extension ServiceStack {
    /// Bodies that are valid as they stand, for tests that are about something else.
    public enum Sample {
        public static let portfolio = #"{"name": "Mine", "kind": "brokerage", "base_currency": "CHF"}"#

        public static let buy = """
            {"type": "buy", "executed_at": "2024-05-02T10:00:00Z", "quantity": "2", "unit_price": "3.5",
             "instrument": {"symbol": "ACME", "currency": "USD"}, "fees": [{"kind": "commission", "amount": "0.05"}]}
            """

        public static func deposit(_ amount: String) -> String {
            #"{"type": "deposit", "executed_at": "2024-05-01T10:00:00Z", "amount": "\#(amount)", "currency": "USD"}"#
        }
    }
}
