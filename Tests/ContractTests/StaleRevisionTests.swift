import Foundation
import GroveTesting
import StrictJSON
import Testing

/// Who names a revision that is no longer the present one gets 412, and nothing happens. Read from the OpenAPI documents,
/// so that a new operation with If-Match and no line here fails.
@Suite struct StaleRevisionTests {
    /// A body with which the operation succeeds; it may be sent to what it has changed already.
    private static let bodies = [
        "replaceProfile": #"{"display_name": "Ada", "time_zone": "Europe/Zurich"}"#,
        "replacePreferences":
            #"{"base_currency": "CHF", "locale": "de", "theme": "dark", "cost_basis_method": "fifo"}"#,
        "replaceNotificationPreference": #"{"enabled": true, "digest": "daily"}"#,
        "moveWebhookEndpoint": #"{"url": "https://other.example.com/hook"}"#,
        "renamePortfolio": #"{"name": "Other"}"#, "changeQuest": #"{"title": "Other"}"#,
        "changeAchievement": #"{"title": "Other"}"#, "changeSeason": #"{"name": "Other"}"#,
        "changeInstrument": #"{"name": "Other"}"#, "changeFeed": #"{"priority": 20}"#,
        "archivePortfolio": "{}", "unarchivePortfolio": "{}",
        "enableWebhookEndpoint": "{}", "rotateWebhookSecret": "{}",
    ]
    /// What is changed by paths that end in a verb is read without it.
    private static let verbs = ["/archive", "/unarchive", "/enable", "/rotate-secret"]
    /// Changes nothing about an endpoint that is switched on, so that of two both succeed.
    private static let changesNothing: Set = ["enableWebhookEndpoint"]

    /// Read by another path than they are changed by; Market's own tests try them.
    private static let triedElsewhere: Set = ["changePrivateInstrument", "removePrivateInstrument"]

    @Test func aStaleRevisionIsRefusedEverywhere() async throws {
        try await ServiceStack.with { stack in
            var running: [ServiceProcess] = []
            for service in ServiceStack.Service.allCases { running.append(try await stack.start(service)) }
            let client = Client(stack: stack, token: try await operatorToken(stack))
            let ids = try await client.possessions()
            let operations = try await ServiceOperation.all(of: stack).filter {
                $0.takesIfMatch && !Self.triedElsewhere.contains($0.id)
            }
            #expect(operations.count == 16, "\(operations.map(\.id))")
            // What is deleted is not there for the others.
            for operation in operations.filter({ $0.method != "DELETE" })
                + operations.filter({ $0.method == "DELETE" })
            {
                try await check(operation, by: client, ids)
            }
            for process in running { process.signal(SIGTERM) }
        }
    }

    private func check(_ operation: ServiceOperation, by client: Client, _ ids: [String: String]) async throws
    {
        let path = try operation.parameters.reduce(operation.path) { path, parameter in
            path.replacing("{\(parameter)}", with: try #require(ids[parameter], "\(operation): \(parameter)"))
        }
        let body =
            operation.method == "DELETE" ? nil : try #require(Self.bodies[operation.id], "\(operation)")
        let verb = Self.verbs.first { path.hasSuffix($0) } ?? ""
        let resource = String(path.dropLast(verb.count))
        func revision() async throws -> String {
            let answer = try await client.send("GET", operation.service, resource)
            return try #require(answer.headers["etag"], "\(operation): \(answer.text)")
        }
        func change(_ revision: String) async throws -> TestClient.Answer {
            try await client.send(
                operation.method, operation.service, path, ifMatch: revision, body: body)
        }
        let before = try await revision()
        let stale = try await change("\"999999\"")
        #expect(stale.status == 412, "\(operation): \(stale.text)")
        #expect(stale.json["type"]?.string == "urn:grove:problem:precondition-failed", "\(operation)")
        #expect(try await revision() == before, "\(operation)")
        // Of two that name the present revision at the same moment, one was first.
        async let one = change(before)
        async let other = change(before)
        let answers = try await [one, other].sorted { $0.status < $1.status }
        #expect((200...204).contains(answers[0].status), "\(operation): \(answers[0].text)")
        if Self.changesNothing.contains(operation.id) { return }
        // The second of two deletions finds nothing any more, or the default.
        let refusals = operation.method == "DELETE" ? [404, 412] : [412]
        #expect(refusals.contains(answers[1].status), "\(operation): \(answers[1].text)")
    }

    /// Of somebody who may change the catalogues too.
    private func operatorToken(_ stack: ServiceStack) async throws -> String {
        _ = try await stack.signUp("olga@example.com")
        try await stack.verifyEmail("olga@example.com")
        let promotion = try ServiceProcess(
            "users-service", ["grant-operator", "olga@example.com"], environment: stack.environment(.users))
        #expect(await promotion.exitCode() == 0, "\(promotion.output)")
        return try await stack.logIn("olga@example.com")
    }
}

private struct Client {
    let stack: ServiceStack
    let token: String

    func send(
        _ method: String, _ service: ServiceStack.Service, _ path: String, ifMatch: String? = nil,
        body: String? = nil
    ) async throws -> TestClient.Answer {
        var headers = ["Authorization": "Bearer \(token)", "Idempotency-Key": UUID().uuidString]
        headers["If-Match"] = ifMatch
        return try await TestClient.shared.send(
            method, stack.url(service, path), headers: headers, body: body)
    }

    /// One of everything that has a revision, by the name of the path parameter.
    func possessions() async throws -> [String: String] {
        func make(_ service: ServiceStack.Service, _ path: String, _ body: String) async throws -> String {
            let answer = try await send("POST", service, path, body: body)
            return try #require(answer.json["id"]?.string, "\(path): \(answer.text)")
        }
        let quest = try await make(
            .gamification, "/v1/catalogue/quests",
            """
            {"code": "save", "title": "Save", "kind": "one_time", "category": "saving", "target": "1",
             "criteria": {"event": "transaction.posted", "types": ["deposit"], "counts": "each"},
             "experience_reward": 10}
            """)
        let preference = try await send(
            "PUT", .notifications, "/v1/notification-preferences/product/email",
            body: #"{"enabled": true, "digest": "none"}"#)
        #expect(preference.status == 200, "\(preference.text)")
        let instrument = try await make(
            .market, "/v1/instruments",
            #"{"source": "YAHOO", "symbol": "ACME", "name": "Acme", "class": "equity", "currency": "USD"}"#)
        return [
            "quest_id": quest,
            "achievement_id": try await make(
                .gamification, "/v1/catalogue/achievements",
                """
                {"code": "saver", "title": "Saver", "tier": "gold", "criteria": {"quest": "save"},
                 "experience_reward": 10}
                """),
            "battle_pass_id": try await make(
                .gamification, "/v1/catalogue/seasons",
                """
                {"season": 1, "name": "One", "starts_at": "2026-01-01T00:00:00Z",
                 "ends_at": "2026-04-01T00:00:00Z", "claim_until": "2026-04-15T00:00:00Z", "price": "1",
                 "currency": "USD",
                 "tiers": [{"experience_required": 10, "free_reward": {"kind": "badge", "code": "one"}}]}
                """),
            "instrument_id": instrument,
            "feed_id": try await make(
                .market, "/v1/price-feeds",
                """
                {"provider": "ALPACA", "kind": "bars", "instrument_id": "\(instrument)",
                 "first_day": "2024-01-02"}
                """),
            "portfolio_id": try await make(.portfolios, "/v1/portfolios", ServiceStack.Sample.portfolio),
            "webhook_endpoint_id": try await make(
                .notifications, "/v1/webhook-endpoints", #"{"url": "https://one.example.com/hook"}"#),
            "category": "product", "channel": "email",
        ]
    }
}
