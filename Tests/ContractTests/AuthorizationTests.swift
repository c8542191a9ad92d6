import DatabaseClient
import Foundation
import GroveTesting
import ServiceKit
import StrictJSON
import Testing

/// Two users: whatever the one has, the other's requests find nothing. Read from the OpenAPI documents, so that
/// a new operation without a line here fails.
@Suite struct AuthorizationTests {
    /// Valid bodies, so that nothing but the ownership can be at fault.
    static let bodies: [String: String] = [
        "renamePortfolio": #"{"name": "Stolen"}"#,
        "archivePortfolio": "{}",
        "unarchivePortfolio": "{}",
        "postTransaction": ServiceStack.Sample.deposit("1"),
        "reverseTransaction": "{}",
        "correctTransaction": ServiceStack.Sample.deposit("2"),
        "importActivities": #"{"activities": []}"#,
        "claimQuest": #"{"period": "once"}"#,
        "claimTier": #"{"track": "free"}"#,
        "moveWebhookEndpoint": #"{"url": "https://stranger.example.com/hook"}"#,
        "changePrivateInstrument": #"{"name": "Other"}"#,
        "mergePrivateInstrument": #"{"into": "018f0000-0000-7000-8000-000000000000"}"#,
        "putOwnerPrice": #"{"price": "1"}"#,
        "importOwnerPrices": "Date,Price\n2024-01-02,1\n",
    ]
    /// Operations that take a file of CSV.
    static let files: Set<String> = ["importOwnerPrices"]
    /// Parameters that an operation cannot do without.
    static let queries: [String: String] = ["exportActivities": "?format=csv"]
    /// Operations that only operators may call at all.
    static let operatorsOnly: Set<String> = [
        "changeInstrument", "adoptInstrument", "findFeed", "changeFeed", "listMissingDays", "listConsumers",
        "listParkedEvents", "replayParkedEvent",
        "skipParkedEvent",
        "pauseConsumer", "resumeConsumer", "findCatalogueQuest", "changeQuest", "findCatalogueAchievement",
        "changeAchievement", "findCatalogueSeason", "changeSeason", "grantPremium",
    ]
    /// Operations whose path names something that all users have of their own, or an exchange, which is public.
    static let ownByNature: Set<String> = [
        "listSessions",
        "findNotificationPreference", "replaceNotificationPreference", "deleteNotificationPreference",
    ]
    /// An answer without an end.
    static let endless = "streamNotifications"

    @Test func noOperationReachesAnothersRows() async throws {
        try await ServiceStack.with { stack in
            var running: [ServiceProcess] = []
            for service in ServiceStack.Service.allCases { running.append(try await stack.start(service)) }
            let owner = try await stack.signUp("owner@example.com")
            // Else the account may have no webhook.
            try await stack.verifyEmail("owner@example.com")
            let stranger = try await stack.signUp("stranger@example.com")
            let ids = try await possessions(of: owner, stack)
            let operations = try await ServiceOperation.all(of: stack)
            #expect(operations.count > 30)
            var tried = 0
            for operation in operations
            where !operation.parameters.isEmpty && !Self.ownByNature.contains(operation.id) {
                var path = operation.path
                for parameter in operation.parameters {
                    let id = try #require(
                        parameter == "day" ? "2024-01-02" : ids[parameter],
                        "\(operation) has a parameter that this test does not know")
                    path = path.replacing("{\(parameter)}", with: id)
                }
                let needsBody = ["POST", "PATCH", "PUT"].contains(operation.method)
                let answer = try await TestClient.shared.send(
                    operation.method, stack.url(operation.service, path + (Self.queries[operation.id] ?? "")),
                    headers: headers(stranger).merging(
                        Self.files.contains(operation.id) ? ["Content-Type": "text/csv"] : [:]
                    ) { $1 },
                    body: needsBody ? Self.bodies[operation.id] ?? "{}" : nil)
                #expect(
                    answer.status == (Self.operatorsOnly.contains(operation.id) ? 403 : 404),
                    "\(operation): \(answer.text)")
                tried += 1
            }
            #expect(tried >= 15)
            // And without ids: no list shows anything of the other.
            for operation in operations
            where operation.method == "GET" && operation.parameters.isEmpty
                && operation.id != Self.endless
            {
                let answer = try await TestClient.shared.send(
                    "GET", stack.url(operation.service, operation.path), headers: headers(stranger))
                for id in ids.values where UUID(uuidString: id) != nil {
                    #expect(!answer.text.contains(id), "\(operation) shows \(id)")
                }
            }
            for process in running { process.signal(SIGTERM) }
        }
    }

    @Test func nothingOfAUserIsAnsweredWithoutAToken() async throws {
        try await ServiceStack.with { stack in
            var running: [ServiceProcess] = []
            for service in ServiceStack.Service.allCases { running.append(try await stack.start(service)) }
            let open: Set = [
                "registerUser", "logIn", "refreshSession", "confirmEmailVerification", "requestPasswordReset",
                "confirmPasswordReset", "publishSigningKeys",
            ]
            for operation in try await ServiceOperation.all(of: stack) where !open.contains(operation.id) {
                let path = operation.path.replacing(
                    /\{[a-z_]+\}/, with: "018f0000-0000-7000-8000-000000000000")
                let needsBody = operation.method != "GET" && operation.method != "DELETE"
                let answer = try await TestClient.shared.send(
                    operation.method, stack.url(operation.service, path),
                    headers: ["Idempotency-Key": UUID().uuidString],
                    body: needsBody ? Self.bodies[operation.id] ?? "{}" : nil)
                #expect(answer.status == 401, "\(operation): \(answer.text)")
            }
            for process in running { process.signal(SIGTERM) }
        }
    }

    private func headers(_ token: String) -> [String: String] {
        ["Authorization": "Bearer \(token)", "Idempotency-Key": UUID().uuidString]
    }

    /// One of everything that has an id, by the name of the path parameter.
    private func possessions(of token: String, _ stack: ServiceStack) async throws -> [String: String] {
        func id(_ answer: TestClient.Answer, _ key: String = "id") throws -> String {
            guard let id = answer.json[key]?.string else {
                throw ServiceProcess.Failure(description: answer.text)
            }
            return id
        }
        let portfolio = try id(
            try await TestClient.shared.send(
                "POST", stack.url(.portfolios, "/v1/portfolios"), headers: headers(token),
                body: ServiceStack.Sample.portfolio))
        let buy = try await TestClient.shared.send(
            "POST", stack.url(.portfolios, "/v1/portfolios/\(portfolio)/transactions"),
            headers: headers(token),
            body: ServiceStack.Sample.buy)
        let sessions = try await TestClient.shared.send(
            "GET", stack.url(.users, "/v1/sessions"), headers: headers(token))
        let session = try #require(sessions.text.firstMatch(of: /"id":"([0-9a-f-]{36})"/), "\(sessions.text)")
        let endpoint = try await TestClient.shared.send(
            "POST", stack.url(.notifications, "/v1/webhook-endpoints"), headers: headers(token),
            body: #"{"url": "https://owner.example.com/hook"}"#)
        return [
            "webhook_endpoint_id": try id(endpoint), "notification_id": try await notification(stack),
            // Of the catalogue, which is nobody's: there is none of these.
            "quest_id": nobodys, "achievement_id": nobodys, "battle_pass_id": nobodys, "tier": "1",
            "portfolio_id": portfolio, "transaction_id": try id(buy),
            "instrument_id": try id(buy, "instrument_id"), "feed_id": nobodys,
            "session_id": String(session.1), "context": "gamification",
            "consumer": "gamification.progress", "event_id": nobodys,
        ]
    }

    private let nobodys = "018f0000-0000-7000-8000-000000000000"

    /// A message to the first user.
    private func notification(_ stack: ServiceStack) async throws -> String {
        let owner = try await DatabaseConnection.connect(stack.connectionString(user: "postgres"))
        let id = try await owner.query(
            """
            INSERT INTO notifications.notifications (user_id, id, category, template, title, body, data, dedupe_key,
                priority, created_at, updated_at)
            SELECT id, gen_random_uuid(), 'product', 'test', 'Private', '', '{}', 'test', 'normal', now(), now()
            FROM users.users ORDER BY created_at LIMIT 1 RETURNING id::text
            """)[0].text(0)
        await owner.close()
        return id
    }
}
