import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import ServiceKit
import SharedTypes
import StrictJSON
import Testing

@testable import Gamification

@Suite struct CatalogueTests {
    private static let criteria = #"{"event": "transaction.posted", "types": ["deposit"], "counts": "days"}"#

    private func quest(_ changes: [String: String] = [:]) -> String {
        var members = [
            "code": #""ten_days""#, "title": #""Ten days""#, "kind": #""one_time""#, "category": #""saving""#,
            "criteria": Self.criteria, "target": #""10""#, "experience_reward": "100", "status": #""active""#,
        ]
        members.merge(changes) { $1 }
        return "{" + members.map { #""\#($0)": \#($1)"# }.joined(separator: ", ") + "}"
    }

    private func season(_ changes: [String: String] = [:]) -> String {
        var members = [
            "season": "4", "name": #""Four""#, "starts_at": #""2026-11-01T00:00:00Z""#,
            "ends_at": #""2026-12-01T00:00:00Z""#, "claim_until": #""2026-12-15T00:00:00Z""#,
            "price": #""9.99""#, "currency": #""EUR""#, "status": #""active""#,
            "tiers": """
            [{"experience_required": 100, "free_reward": {"kind": "badge", "code": "first"}},
             {"experience_required": 300, "premium_reward": {"kind": "experience", "amount": 50}}]
            """,
        ]
        members.merge(changes) { $1 }
        return "{" + members.map { #""\#($0)": \#($1)"# }.joined(separator: ", ") + "}"
    }

    @Test func onlyOperatorsAuthor() async throws {
        try await GamificationServer.with { server in
            for path in ["quests", "achievements", "seasons"] {
                let path = "/v1/catalogue/\(path)"
                for (method, body) in [("GET", nil), ("POST", "{}")] {
                    let answer = try await server.send(method, path, json: body)
                    #expect(answer.status == 403, "\(method) \(path)")
                }
                let id = UUID().uuidString.lowercased()
                for (method, body) in [("GET", nil), ("PATCH", "{}")] {
                    let answer = try await server.send(method, "\(path)/\(id)", json: body)
                    #expect(answer.status == 403, "\(method) \(path)")
                    let unknown = try await server.send(method, "\(path)/\(id)", as: server.olga, json: body)
                    #expect(unknown.status == 404, "\(method) \(path)")
                }
            }
        }
    }

    @Test func whatIsWrongWithAQuestIsNamed() async throws {
        let faults: [(change: [String: String], field: String)] = [
            (["code": #""Ten days""#], "code"), (["title": #"" ""#], "title"),
            (["kind": #""yearly""#], "kind"),
            (["target": #""0""#], "target"), (["target": #""1.5""#], "target"),
            (["experience_reward": "-1"], "experience_reward"), (["status": #""retired""#], "status"),
            (["criteria": #"{"event": "lesson.read", "counts": "each"}"#], "criteria.event"),
            (
                ["criteria": #"{"event": "transaction.posted", "types": ["fee"], "counts": "each"}"#],
                "criteria.types[0]"
            ),
            (["criteria": #""SELECT 1""#], "criteria"),
            (["criteria": Self.criteria.replacing("deposit", with: "buy")], "target"),
            (["kind": #""seasonal""#], "ends_at"),
            (["starts_at": #""2026-12-01T00:00:00Z""#, "ends_at": #""2026-11-01T00:00:00Z""#], "ends_at"),
            (["reward": "1"], "reward"),
        ]
        try await GamificationServer.with { server in
            for fault in faults {
                let answer = try await server.send(
                    "POST", "/v1/catalogue/quests", as: server.olga, json: quest(fault.change))
                #expect(
                    answer.status == 422 && answer.json["field"] == .string(fault.field), "\(answer.text)")
            }
            let none = try await server.list("/v1/catalogue/quests", as: server.olga)
            #expect(none.isEmpty)
        }
    }

    @Test func aQuestIsMadeChangedAndRetired() async throws {
        try await GamificationServer.with { server in
            let path = "/v1/catalogue/quests"
            let made = try await server.send(
                "POST", path, as: server.olga, json: quest(["status": #""draft""#]))
            #expect(made.status == 201 && made.headers["etag"] == "\"1\"", "\(made.text)")
            let own = try #require(made.headers["location"])
            let taken = try await server.send("POST", path, as: server.olga, json: quest())
            #expect(taken.status == 409)
            let hidden = try await server.list("/v1/quests")
            #expect(hidden.isEmpty, "a draft is nobody's")
            func patch(_ json: String, _ headers: [String: String] = [:]) async throws -> TestClient.Answer {
                try await server.send("PATCH", own, as: server.olga, headers: headers, json: json)
            }
            let opened = try await patch(
                #"{"status": "active", "criteria": \#(Self.criteria.replacing("days", with: "months"))}"#)
            #expect(opened.status == 200 && opened.json["criteria"]?["counts"] == .string("months"))
            let stale = try await patch(#"{"title": "Other"}"#, ["If-Match": "\"1\""])
            #expect(stale.status == 412)
            let renamed = try await patch(#"{"title": "Other"}"#, ["If-Match": "\"2\""])
            #expect(renamed.json["title"] == .string("Other") && renamed.headers["etag"] == "\"3\"")
            let fixed = try await patch(#"{"criteria": \#(Self.criteria)}"#)
            #expect(fixed.status == 409, "what is open to people keeps what it asks for")
            let back = try await patch(#"{"status": "draft"}"#)
            #expect(back.status == 422 && back.json["field"] == .string("status"))
            let unknown = try await patch(#"{"kind": "daily"}"#)
            #expect(unknown.json["field"] == .string("kind"))
            let retired = try await patch(#"{"status": "retired"}"#)
            #expect(retired.status == 200)
            let listed = try await server.list(path, as: server.olga)
            #expect(listed.count == 1)
            let unchanged = try await server.send(
                "GET", own, as: server.olga, headers: ["If-None-Match": "\"4\""])
            #expect(unchanged.status == 304)
        }
    }

    @Test func anAchievementAsksForAQuestThatIsThere() async throws {
        try await GamificationServer.with { server in
            func achievement(_ criteria: String, code: String = "saver") -> String {
                #"{"code": "\#(code)", "title": "Saver", "tier": "gold", "hidden": true, "experience_reward": 10, "#
                    + #""status": "active", "criteria": \#(criteria)}"#
            }
            func post(_ json: String) async throws -> TestClient.Answer {
                try await server.send("POST", "/v1/catalogue/achievements", as: server.olga, json: json)
            }
            let absent = try await post(achievement(#"{"quest": "ten_days"}"#))
            #expect(absent.status == 422 && absent.json["field"] == .string("criteria.quest"))
            _ = try await server.send("POST", "/v1/catalogue/quests", as: server.olga, json: quest())
            let often = try await post(achievement(#"{"quest": "ten_days", "times": 2}"#))
            #expect(often.json["field"] == .string("criteria.times"))
            let made = try await post(achievement(#"{"quest": "ten_days"}"#))
            #expect(made.status == 201, "\(made.text)")
            let open = try await post(
                achievement(#"{"quest": "ten_days"}"#, code: "open").replacing("true", with: "false"))
            #expect(open.status == 201)
            var shown = try await server.list("/v1/achievements")
            #expect(shown.map { $0["code"] } == [.string("open")], "a hidden one is not shown")
            let text = try #require(made.json["id"]?.string)
            let id = try #require(Achievement.ID(text))
            _ = try await server.game.database.acting(as: server.ada.id.uuid).unlockAchievement(
                userID: server.ada.id, achievementID: id, unlockedAt: server.game.clock.now,
                sourceEvent: "test", now: server.game.clock.now)
            shown = try await server.list("/v1/achievements")
            #expect(Set(shown.map { $0["code"] }) == [.string("open"), .string("saver")])
            let others = try await server.list("/v1/achievements", as: server.eve)
            #expect(others.count == 1)
        }
    }

    @Test func anAchievementIsChangedAndRetired() async throws {
        try await GamificationServer.with { server in
            let path = "/v1/catalogue/achievements"
            _ = try await server.send("POST", "/v1/catalogue/quests", as: server.olga, json: quest())
            let made = try await server.send(
                "POST", path, as: server.olga,
                json: """
                    {"code": "saver", "title": "Saver", "tier": "gold", "hidden": false, "experience_reward": 10,
                     "status": "active", "criteria": {"quest": "ten_days"}}
                    """)
            let own = try #require(made.headers["location"], "\(made.text)")
            func patch(_ json: String, _ headers: [String: String] = [:]) async throws -> TestClient.Answer {
                try await server.send("PATCH", own, as: server.olga, headers: headers, json: json)
            }
            let renamed = try await patch(
                #"{"title": "Other", "tier": "silver"}"#, ["If-Match": "\"1\""])
            #expect(renamed.json["title"] == .string("Other") && renamed.json["tier"] == .string("silver"))
            #expect(renamed.json["criteria"] == made.json["criteria"] && renamed.headers["etag"] == "\"2\"")
            let stale = try await patch(#"{"title": "Late"}"#, ["If-Match": "\"1\""])
            #expect(stale.status == 412)
            let retired = try await patch(#"{"status": "retired"}"#)
            #expect(retired.status == 200, "\(retired.text)")
            let listed = try await server.list(path, as: server.olga)
            #expect(listed == [retired.json])
        }
    }

    @Test func whatIsWrongWithASeasonIsNamed() async throws {
        let badge = #"{"kind": "badge", "code": "b"}"#
        let faults: [(change: [String: String], field: String)] = [
            (["ends_at": #""2026-10-01T00:00:00Z""#], "ends_at"),
            (["claim_until": #""2026-11-30T00:00:00Z""#], "claim_until"),
            (["price": #""-1""#], "price"), (["currency": #""euro""#], "currency"),
            (["tiers": "[]"], "tiers"),
            (["tiers": #"[{"experience_required": 1}]"#], "tiers[0]"),
            (
                ["tiers": #"[{"experience_required": 1, "free_reward": {"kind": "gold"}}]"#],
                "tiers[0].free_reward.kind"
            ),
            (
                [
                    "tiers": """
                    [{"experience_required": 5, "free_reward": \(badge)},
                     {"experience_required": 5, "free_reward": \(badge)}]
                    """
                ], "tiers[1].experience_required"
            ),
        ]
        try await GamificationServer.with { server in
            let path = "/v1/catalogue/seasons"
            for fault in faults {
                let answer = try await server.send("POST", path, as: server.olga, json: season(fault.change))
                #expect(
                    answer.status == 422 && answer.json["field"] == .string(fault.field), "\(answer.text)")
            }
            let made = try await server.send("POST", path, as: server.olga, json: season())
            #expect(made.status == 201 && made.json["tiers"]?.elements.count == 2, "\(made.text)")
            let overlapping = try await server.send(
                "POST", path, as: server.olga, json: season(["season": "5"]))
            #expect(overlapping.json["field"] == .string("starts_at"))
            let own = try #require(made.headers["location"])
            let tiers = try await server.send(
                "PATCH", own, as: server.olga,
                json: #"{"tiers": [{"experience_required": 1, "free_reward": \#(badge)}]}"#)
            #expect(tiers.status == 409)
            let renamed = try await server.send("PATCH", own, as: server.olga, json: #"{"name": "IV"}"#)
            #expect(renamed.json["name"] == .string("IV") && renamed.json["tiers"]?.elements.count == 2)
            let draft = try await server.send(
                "POST", path, as: server.olga, json: season(["season": "6", "status": #""draft""#]))
            let changed = try await server.send(
                "PATCH", try #require(draft.headers["location"]), as: server.olga,
                json: #"{"tiers": [{"experience_required": 1, "free_reward": \#(badge)}]}"#)
            #expect(changed.json["tiers"]?.elements.count == 1)
            let listed = try await server.list("\(path)?limit=1", as: server.olga)
            #expect(listed.first?["season"] == .number(6))
            let current = try await server.send("GET", "/v1/battle-passes/current")
            #expect(current.json["season"] == .number(4) && current.json["experience"] == .number(0))
        }
    }
}
