import ContractKit
import DatabaseClient
import DatabaseTesting
import EventLog
import ExactTypes
import Foundation
import GroveTesting
import Logging
import ServiceKit
import ServiceLifecycle
import SharedTypes
import StrictJSON
import Testing

@testable import Notifications

/// Notifications behind a real socket, on a database of its own, as its own roles, with two people in front of it.
struct NotificationsServer: Sendable {
    struct Person: Sendable {
        let id: User.ID
        let session: Session.ID
        let token: String
    }

    let test: TestDatabase
    let database: Database
    let events: EventLog
    /// The contexts whose events it handles, each under its own role, which alone appends them.
    let users: (database: Database, events: EventLog)
    let gamification: (database: Database, events: EventLog)
    let server: TestServer
    let ada: Person
    let eve: Person

    /// Sends a request as Ada, unless another is named.
    func send(
        _ method: String, _ path: String, as person: Person? = nil, headers: [String: String] = [:],
        json: String? = nil
    ) async throws -> TestClient.Answer {
        try await server.send(method, path, token: (person ?? ada).token, headers: headers, json: json)
    }

    /// The client of the contracts as Ada, unless another is named.
    func client(_ person: Person? = nil) -> ContractClient { server.client(token: (person ?? ada).token) }

    /// Notifies Ada, unless another is named, that a level was reached.
    @discardableResult
    func tell(level: Int, _ person: Person? = nil, at now: Date = Date()) async throws -> Bool {
        try await tell(
            .levelReached(level: level, experience: level * 100), "level.reached:\(level)", person, at: now)
    }

    /// Notifies Ada, unless another is named.
    @discardableResult
    func tell(
        _ message: Message, _ key: String, _ person: Person? = nil, at now: Date = Date()
    ) async throws -> Bool {
        let id = (person ?? ada).id
        return try await database.transaction(as: id.uuid) {
            try await notifyUser(
                message, dedupeKey: key, in: OperationContext(user: id, transaction: $0, now: now))
        }
    }

    /// Makes Ada, unless another is named, somebody who can be reached by mail.
    func register(
        _ person: Person? = nil, locale: String = "en", timeZone: String = "Europe/Zurich",
        email: String? = "ada@example.com"
    ) async throws {
        let id = (person ?? ada).id
        let now = Date()
        try await database.transaction(as: id.uuid) { transaction in
            try await Recipient.keep(
                UserRegistered(
                    userID: id, displayName: "Ada", locale: locale, timeZone: timeZone, registeredAt: now),
                in: transaction, at: now)
            if let email {
                try await Recipient.keep(
                    EmailVerified(email: email, verifiedAt: now), of: id, in: transaction, at: now)
            }
        }
    }

    /// What Ada, unless another is named, wants of a category on a channel.
    func prefer(
        _ category: NotificationCategory, _ channel: NotificationChannel, _ wish: DeliveryPreference,
        _ person: Person? = nil
    ) async throws {
        let id = (person ?? ada).id
        let principal = Principal(
            userID: id, sessionID: try await test.makeSession(of: id).uuid, isOperator: false)
        try await database.transaction(as: id.uuid) { transaction in
            _ = try await replacePreference(
                category, channel, with: wish, of: principal, in: transaction, at: Date(), check: { _ in })
        }
    }

    /// The items of a list.
    func list(_ path: String = "/v1/notifications", as person: Person? = nil) async throws -> [JSONValue] {
        let answer = try await send("GET", path, as: person)
        try #require(answer.status == 200, "\(answer.text)")
        return answer.json["items"]?.elements ?? []
    }

    /// The deliveries of Ada's latest message by channel: status and, where there is one, the error.
    func deliveries(of person: Person? = nil) async throws -> [NotificationChannel: NotificationDeliveryRow] {
        let id = (person ?? ada).id
        let scope = database.acting(as: id.uuid)
        let latest = try #require(try await scope.findLatestNotification(userID: id))
        // No code of the service reads them so, and its role has no right to.
        let rows = try await test.database(role: "postgres", maximumConnections: 1).listDeliveries(
            userID: id, notificationID: latest)
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.channel, $0) })
    }

    /// What became of Ada's latest message at her endpoint, if there is one.
    func webhookDelivery() async throws -> ListWebhookDeliveriesRow? {
        let scope = database.acting(as: ada.id.uuid)
        guard let latest = try await scope.findLatestNotification(userID: ada.id),
            let endpoint = try await scope.listWebhookEndpoints(
                userID: ada.id, afterID: .lowest, rowLimit: 1
            ).first
        else { return nil }
        return try await scope.listWebhookDeliveries(
            userID: ada.id, webhookEndpointID: endpoint.id, beforeID: .highest, rowLimit: 100
        ).first { $0.notificationID == latest }
    }

    /// One number, read past every policy.
    func count(_ sql: String) async throws -> Int {
        try await test.owner.query("SELECT count(*) FROM \(sql)")[0].int(0)
    }

    func text(_ sql: String) async throws -> String { try await test.owner.query(sql)[0].text(0) }
}

extension TestClient.Answer {
    /// The text of a member; fails the test where there is none.
    func text(_ member: String) throws -> String { try #require(json[member]?.string, "\(text)") }
}

extension NotificationsConfiguration {
    /// That sends no mail.
    static var forTests: NotificationsConfiguration {
        get throws {
            try NotificationsConfiguration(
                sealingKey: Data(repeating: 7, count: 32).base64EncodedString(), mail: nil)
        }
    }
}

/// Runs the body with the module served on a fresh database.
/// - Parameter cluster: one of its own, where the test waits for what consumers do.
func withNotifications<T: Sendable>(
    on cluster: TestCluster? = nil, limits: ServiceLimits? = nil, heartbeat: Duration = .seconds(15),
    _ body: @escaping @Sendable (NotificationsServer) async throws -> T
) async throws -> T {
    try await withTestDatabase(on: cluster) { test in
        let database = test.database(role: "notifications_service", maximumConnections: 8)
        let worker = test.database(role: "notifications_worker")
        let events = EventLog(service: database, worker: worker, logger: .quiet)
        func context(_ name: String) -> (database: Database, events: EventLog) {
            (test.database(role: "\(name)_service"), test.events(of: name))
        }
        let (users, gamification) = (context("users"), context("gamification"))
        let ada = try await test.makeUser(email: "ada@example.com")
        let eve = try await test.makeUser(email: "eve@example.com")
        var module = NotificationsModule(
            database: database, worker: worker, events: events, configuration: try .forTests, logger: .quiet)
        module.heartbeat = heartbeat
        let sessions = (ada: try await test.makeSession(of: ada), eve: try await test.makeSession(of: eve))
        return try await withServer(
            modules: [UnsentNotifications(module: module)], databases: [database, worker], limits: limits
        ) {
            server in
            try await body(
                NotificationsServer(
                    test: test, database: database, events: events, users: users,
                    gamification: gamification, server: server,
                    ada: .init(
                        id: ada, session: sessions.ada,
                        token: try await server.token(for: ada, session: sessions.ada)),
                    eve: .init(
                        id: eve, session: sessions.eve,
                        token: try await server.token(for: eve, session: sessions.eve))))
        }
    }
}

/// The module as it is, save that nothing takes the deliveries on their way: these tests look at what is to be sent.
private struct UnsentNotifications: ServiceModule {
    let module: NotificationsModule

    var name: String { module.name }
    var openAPI: String { module.openAPI }
    func addRoutes(to router: ServiceRouter) { module.addRoutes(to: router) }
    func refusal(of error: DatabaseError) -> (any Error)? { module.refusal(of: error) }
    var backgroundServices: [any Service] { module.backgroundServices.filter { !($0 is DeliveryService) } }
}

extension Logger {
    static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}

/// Looks again and again until the condition holds, ten seconds at most.
func eventually(
    _ what: String, seconds: Int = 10, sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async throws {
    for _ in 0..<(seconds * 50) {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(20))
    }
    Issue.record("not within \(seconds) seconds: \(what)", sourceLocation: sourceLocation)
}

extension IANATimeZone {
    /// A zone that a test names; a name that is wrong is UTC, where the test fails.
    static func named(_ name: String) -> IANATimeZone { (try? IANATimeZone(parsing: name)) ?? .utc }
}
