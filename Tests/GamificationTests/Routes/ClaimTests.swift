import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import GroveTesting
import ServiceKit
import SharedTypes
import StrictJSON
import Testing

@testable import Gamification

@Suite struct ClaimTests {
    /// The case counts tiers from 0: its tier 5 is the sixth step here, and asks for five thousand points.
    private struct Race: Decodable {
        struct Input: Decodable {
            let xpPerTier: Int
            let tiers: Int
            let xp: Int
            let tier: Int
            let claimedFree: [Int]
            let rewardGold: Int
        }
        struct Expected: Decodable {
            let succeeded: Int
            let gold: Int
        }
        let input: Input
        let expected: Expected

        static func read() throws -> Race {
            let folder = Repository.root.appending(path: "Tests/GamificationTests/Fixtures")
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            return try decoder.decode(
                Race.self, from: Data(contentsOf: folder.appending(path: "bp-01-claim-race.json")))
        }
    }

    private func claim(
        _ server: GamificationServer, _ pass: BattlePass.ID, _ tier: Int, _ track: String = "free",
        headers: [String: String] = [:]
    ) async throws -> TestClient.Answer {
        try await server.send(
            "POST", "/v1/battle-passes/\(pass)/tiers/\(tier)/claims", headers: headers,
            json: #"{"track": "\#(track)"}"#)
    }

    private func slug(_ answer: TestClient.Answer) -> String {
        String((answer.json["type"]?.string ?? "").split(separator: ":").last ?? "")
    }

    @Test func ofManyClaimsOfOneTierOneSucceeds() async throws {
        let race = try Race.read()
        try await GamificationServer.with { server in
            let (game, input) = (server.game, race.input)
            // Tier n of the case begins at n · 1000 points, from 0 on: a season whose first step is free.
            let season = SeasonDraft(
                season: 1, name: "Race", startsAt: game.clock.now - 86_400, endsAt: game.clock.now + 86_400,
                claimUntil: game.clock.now + 86_400, price: .zero, currency: .usd, status: .active,
                tiers: (0..<input.tiers).map {
                    .init(
                        experience: input.xpPerTier * $0, freeReward: .experience(input.rewardGold),
                        premiumReward: nil)
                })
            let pass = try await game.database.transaction {
                try await createSeason(season, in: game.operation(nil, $0))
            }.id
            try await server.grant(input.xp, to: server.ada.id, towards: pass)
            for tier in input.claimedFree {
                let answer = try await claim(server, pass, tier + 1)
                #expect(answer.status == 201, "\(answer.text)")
            }
            let before = try await game.level(of: server.ada.id).experience
            let answers = try await withThrowingTaskGroup(of: TestClient.Answer.self) { group in
                for _ in 0..<64 { group.addTask { try await claim(server, pass, input.tier + 1) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let succeeded = answers.filter { $0.status == 201 }
            #expect(succeeded.count == race.expected.succeeded)
            #expect(answers.filter { $0.status == 409 && slug($0) == "already-claimed" }.count == 63)
            #expect(succeeded.first?.json["reward"]?["amount"] == .number(Decimal(race.expected.gold)))
            let after = try await game.level(of: server.ada.id).experience
            #expect(after - before == race.expected.gold)
            let told = try await game.told("battle_pass.tier_claimed", of: server.ada.id)
            #expect(told.count == input.claimedFree.count + 1)
            let standing = try await server.send("GET", "/v1/battle-passes/current")
            #expect(standing.json["experience"] == .number(Decimal(input.xp)), "a reward is not the season's")
            let tier = standing.json["tiers"]?[input.tier]
            #expect(tier?["claimed"] == .array([.string("free")]) && tier?["is_earned"] == .bool(true))
            let next = try await claim(server, pass, input.tier + 2)
            #expect(next.status == 409 && slug(next) == "not-earned" && next.text.contains("500 points"))
        }
    }

    @Test func premiumThatIsBoughtLateOpensWhatWasEarnedOnce() async throws {
        try await GamificationServer.with { server in
            let pass = try await server.game.makeSeason(tiers: 5)
            try await server.grant(2_500, to: server.ada.id, towards: pass)
            let early = try await claim(server, pass, 1, "premium")
            #expect(early.status == 409 && slug(early) == "needs-premium")
            let path = "/v1/catalogue/seasons/\(pass)/premium"
            let order = #"{"user_id": "\#(server.ada.id)", "order": "order-1"}"#
            let own = try await server.send("POST", path, json: order)
            #expect(own.status == 403)
            let bought = try await server.send("POST", path, as: server.olga, json: order)
            #expect(bought.status == 201 && bought.json["premium_since"]?.string != nil, "\(bought.text)")
            let again = try await server.send("POST", path, as: server.olga, json: order)
            #expect(again.status == 409 && slug(again) == "already-premium")
            var outcomes: [String] = []
            for tier in [1, 2, 3, 1, 2] {
                let answer = try await claim(server, pass, tier, "premium")
                outcomes.append(answer.status == 201 ? "\(tier)" : slug(answer))
            }
            #expect(outcomes == ["1", "2", "not-earned", "already-claimed", "already-claimed"])
            let free = try await claim(server, pass, 1)
            #expect(free.status == 201, "the free track is another claim")
            let nobody = try await server.send(
                "POST", path, as: server.olga,
                json: #"{"user_id": "\#(User.ID.version7(at: .now))", "order": "order-2"}"#)
            #expect(nobody.status == 404, "\(nobody.text)")
        }
    }

    @Test func aClaimIsAnsweredOnceForItsKey() async throws {
        try await GamificationServer.with { server in
            let pass = try await server.game.makeSeason(tiers: 2)
            try await server.grant(1_000, to: server.ada.id, towards: pass)
            let key = ["Idempotency-Key": "one-intention"]
            let first = try await claim(server, pass, 1, headers: key)
            let replay = try await claim(server, pass, 1, headers: key)
            #expect(first.status == 201 && replay.status == 201 && first.text == replay.text)
            let level = try await server.game.level(of: server.ada.id)
            #expect(level.experience == 1_100)
            let missing = try await claim(server, pass, 3)
            #expect(missing.status == 404)
            let foreign = try await claim(server, .version7(at: .now), 1)
            #expect(foreign.status == 404)
        }
    }

    /// Different tiers at once meet at the user's level: no one's points are lost.
    @Test func tiersThatAreClaimedAtOnceAllCount() async throws {
        try await GamificationServer.with { server in
            let pass = try await server.game.makeSeason(tiers: 20, perTier: 10)
            try await server.grant(200, to: server.ada.id, towards: pass)
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for tier in 1...20 { group.addTask { try await claim(server, pass, tier).status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses == Array(repeating: 201, count: 20))
            let level = try await server.game.level(of: server.ada.id)
            let sum = try await server.game.test.database(role: "postgres").sumExperience(
                userID: server.ada.id)
            #expect(level.experience == 2_200 && sum == 2_200 && level.level == LevelCurve.level(at: 2_200))
        }
    }

    @Test func aQuestIsClaimedOnceByManyAtOnce() async throws {
        try await GamificationServer.with { server in
            let game = server.game
            let pass = try await game.makeSeason()
            let quest = try await game.makeQuest(
                "first", #""types": ["deposit"], "counts": "each""#, target: "2")
            func count(_ key: String) async throws {
                let posting = QuestFact.Posting(
                    type: .deposit, portfolio: .version7(at: .now), instrument: nil, isInstrumentShared: true,
                    amount: FixedDecimal(1),
                    currency: .usd)
                let fact = QuestFact(
                    event: .transactionPosted, key: key, at: game.clock.now, zone: .utc, posting: posting)
                try await game.database.transaction(as: server.ada.id.uuid) { transaction in
                    let catalogue = try await Catalogue.load(transaction, logger: game.module.logger)
                    try await countFact(
                        fact, under: catalogue, events: game.module.events,
                        in: game.operation(server.ada.id, transaction))
                }
            }
            func claim(_ period: String = "once") async throws -> TestClient.Answer {
                try await server.send(
                    "POST", "/v1/quests/\(quest)/claims", json: #"{"period": "\#(period)"}"#)
            }
            try await count("1")
            try await count("1")
            let early = try await claim()
            #expect(early.status == 409 && slug(early) == "not-completed", "the same event counts once")
            try await count("2")
            // An entry is ordered by the millisecond that it was made in.
            game.clock.advance(days: 0.001)
            let shown = try await server.list("/v1/quests")
            #expect(
                shown.first?["status"] == .string("completed") && shown.first?["progress"] == .string("2"))
            let answers = try await withThrowingTaskGroup(of: TestClient.Answer.self) { group in
                for _ in 0..<32 { group.addTask { try await claim() } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.filter { $0.status == 201 }.count == 1)
            #expect(answers.filter { slug($0) == "already-claimed" }.count == 31)
            let granted = try #require(answers.first { $0.status == 201 })
            #expect(granted.json["experience"] == .number(50))
            let level = try await server.send("GET", "/v1/gamification/me")
            #expect(level.json["experience"] == .number(60) && level.json["next_level_at"] == .number(100))
            let season = try await game.database.acting(as: server.ada.id.uuid).findUserBattlePass(
                userID: server.ada.id, battlePassID: pass)
            #expect(season?.experience == 60, "while the season runs, a claim's points are its too")
            let entries = try await server.list("/v1/experience-entries?limit=1")
            #expect(entries.count == 1 && entries[0]["source"] == .string("quest.completed:first:once"))
            let other = try await claim("2026-11-21")
            #expect(other.status == 409 && slug(other) == "not-completed")
            let unknown = try await server.send(
                "POST", "/v1/quests/\(Quest.ID.version7(at: .now))/claims", json: #"{"period": "once"}"#)
            #expect(unknown.status == 404)
        }
    }
}
