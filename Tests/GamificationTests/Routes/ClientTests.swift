import ContractKit
import DatabaseClient
import ExactTypes
import Foundation
import GamificationContract
import GroveTesting
import SharedTypes
import Testing

@testable import Gamification

/// Every operation of the contract, by the client, as an app uses them.
@Suite struct ClientTests {
    private typealias API = GamificationAPI

    /// Ten deposits.
    private func quest(_ code: String, status: CatalogueStatus = .active, target: Int = 10) -> API.NewQuest {
        .init(
            code: code, kind: .oneTime, title: "Quest \(code)", category: .saving,
            criteria: .init(
                event: .transactionPosted, types: [.deposit], counts: .each, by: nil, currency: nil),
            target: FixedDecimal(target), experienceReward: 50, status: status)
    }

    /// A badge at 100 points, 50 points more for premium at 300. It runs from now on for thirty days.
    private func season(_ number: Int, _ server: GamificationServer) -> API.NewSeason {
        let now = server.game.clock.now
        return .init(
            season: number, name: "Season \(number)", startsAt: now, endsAt: now + .days(30),
            claimUntil: now + .days(40), price: FixedDecimal(10), currency: .eur, status: .active,
            tiers: [
                .init(experienceRequired: 100, freeReward: .badge(.init(code: "first"))),
                .init(experienceRequired: 300, premiumReward: .experience(.init(amount: 50))),
            ])
    }

    /// Counts a deposit of Ada's.
    private func deposit(_ key: String, _ server: GamificationServer) async throws {
        let game = server.game
        let posting = QuestFact.Posting(
            type: .deposit, portfolio: .version7(at: game.clock.now), instrument: nil,
            isInstrumentShared: true, amount: FixedDecimal(1), currency: .usd)
        let fact = QuestFact(
            event: .transactionPosted, key: key, at: game.clock.now, zone: .utc, posting: posting)
        try await game.database.transaction(as: server.ada.id.uuid) { transaction in
            let catalogue = try await Catalogue.load(transaction, logger: game.module.logger)
            try await countFact(
                fact, under: catalogue, events: game.module.events,
                in: game.operation(server.ada.id, transaction))
        }
    }

    private func problem(_ body: () async throws -> Void) async -> Problem? {
        await #expect(throws: Problem.self) { try await body() }
    }

    @Test func aQuestIsAuthored() async throws {
        try await GamificationServer.with { server in
            let olga = server.client(server.olga)
            let key = IdempotencyKey(UUID())
            let draft = quest("saver", status: .draft)
            let made = try await olga.send(API.CreateQuest.self, body: draft, key: key)
            #expect(try await olga.send(API.CreateQuest.self, body: draft, key: key) == made)
            let id = made.body.id
            #expect(
                try await olga.read(
                    API.FindCatalogueQuest.self, .init(questID: id), ifNoneMatch: made.etag) == nil)
            #expect(try await server.client().send(API.ListQuests.self, .init()).body.items.isEmpty)

            let end = server.game.clock.now + .days(7)
            let opened = try await olga.send(
                API.ChangeQuest.self, .init(questID: id), .init(endsAt: .set(end), status: .active),
                ifMatch: made.etag)
            #expect(opened.body.endsAt == end && opened.body.title == "Quest saver")
            let endless = try await olga.send(
                API.ChangeQuest.self, .init(questID: id), .init(title: "Other", endsAt: .remove),
                ifMatch: opened.etag)
            #expect(endless.body.endsAt == nil && endless.body.status == .known(.active))
            let stale = await problem {
                _ = try await olga.send(
                    API.ChangeQuest.self, .init(questID: id), .init(title: "x"), ifMatch: made.etag)
            }
            #expect(stale?.status == 412)
            #expect(
                try await olga.send(API.FindCatalogueQuest.self, .init(questID: id)).body == endless.body)
            #expect(
                try await server.client().send(API.ListQuests.self, .init()).body.items.map(\.title)
                    == ["Other"])

            _ = try await olga.send(API.CreateQuest.self, body: quest("buyer"))
            var codes: [String] = []
            for try await page in olga.pages(API.ListCatalogueQuests.self, .init(limit: 1)) {
                codes += page.body.items.map(\.code)
            }
            #expect(codes.sorted() == ["buyer", "saver"])
            let wrong = await problem {
                _ = try await olga.send(API.CreateQuest.self, body: quest("none", target: 0))
            }
            #expect(wrong?.status == 422 && wrong?.field == "target")
            let refused = await problem {
                _ = try await server.client().send(API.CreateQuest.self, body: quest("own"))
            }
            #expect(refused?.status == 403)
        }
    }

    @Test func anAchievementIsAuthored() async throws {
        try await GamificationServer.with { server in
            let olga = server.client(server.olga)
            _ = try await olga.send(API.CreateQuest.self, body: quest("saver"))
            let made = try await olga.send(
                API.CreateAchievement.self,
                body: .init(
                    code: "ten_deposits", title: "Ten deposits", tier: .gold,
                    criteria: .init(quest: "saver"), experienceReward: 10, status: .active))
            #expect(made.body.criteria == .init(quest: "saver", times: 1) && !made.body.hidden)
            let parameters = API.FindCatalogueAchievement.Parameters(achievementID: made.body.id)
            #expect(
                try await olga.read(API.FindCatalogueAchievement.self, parameters, ifNoneMatch: made.etag)
                    == nil)
            let changed = try await olga.send(
                API.ChangeAchievement.self, .init(achievementID: made.body.id), .init(tier: .silver),
                ifMatch: made.etag)
            #expect(changed.body.tier == .known(.silver) && changed.body.title == "Ten deposits")
            let stale = await problem {
                _ = try await olga.send(
                    API.ChangeAchievement.self, .init(achievementID: made.body.id), .init(title: "x"),
                    ifMatch: made.etag)
            }
            #expect(stale?.status == 412)
            #expect(
                try await olga.send(API.FindCatalogueAchievement.self, parameters).body == changed.body)
            let listed = try await olga.send(API.ListCatalogueAchievements.self, .init())
            #expect(listed.body.items == [changed.body] && listed.next == nil)
            let unknown = await problem {
                _ = try await olga.send(
                    API.CreateAchievement.self,
                    body: .init(
                        code: "none", title: "None", tier: .bronze, criteria: .init(quest: "none"),
                        experienceReward: 1))
            }
            #expect(unknown?.status == 422 && unknown?.field == "criteria.quest")
        }
    }

    @Test func aSeasonIsAuthored() async throws {
        try await GamificationServer.with { server in
            let olga = server.client(server.olga)
            let made = try await olga.send(API.CreateSeason.self, body: season(4, server))
            #expect(made.body.tiers.map(\.freeReward) == [.badge(.init(code: "first")), nil])
            #expect(made.body.tiers.map(\.premiumReward) == [nil, .experience(.init(amount: 50))])
            let parameters = API.FindCatalogueSeason.Parameters(
                battlePassID: made.body.catalogueSeasonSummary.id)
            #expect(
                try await olga.read(API.FindCatalogueSeason.self, parameters, ifNoneMatch: made.etag) == nil)
            let renamed = try await olga.send(
                API.ChangeSeason.self, .init(battlePassID: parameters.battlePassID), .init(name: "IV"),
                ifMatch: made.etag)
            #expect(renamed.body.catalogueSeasonSummary.name == "IV" && renamed.body.tiers == made.body.tiers)
            let stale = await problem {
                _ = try await olga.send(
                    API.ChangeSeason.self, .init(battlePassID: parameters.battlePassID), .init(name: "x"),
                    ifMatch: made.etag)
            }
            #expect(stale?.status == 412)
            #expect(try await olga.send(API.FindCatalogueSeason.self, parameters).body == renamed.body)

            let overlapping = await problem {
                _ = try await olga.send(API.CreateSeason.self, body: season(5, server))
            }
            #expect(overlapping?.field == "starts_at")
            server.game.clock.advance(days: 50)
            _ = try await olga.send(API.CreateSeason.self, body: season(5, server))
            var seasons: [Int] = []
            for try await page in olga.pages(API.ListCatalogueSeasons.self, .init(limit: 1)) {
                seasons += page.body.items.map(\.season)
            }
            #expect(seasons == [5, 4])
        }
    }

    @Test func aQuestIsCompletedAndClaimed() async throws {
        try await GamificationServer.with { server in
            let (client, olga) = (server.client(), server.client(server.olga))
            let id = try await olga.send(API.CreateQuest.self, body: quest("saver", target: 2)).body.id
            _ = try await olga.send(
                API.CreateAchievement.self,
                body: .init(
                    code: "two_deposits", title: "Two deposits", tier: .bronze,
                    criteria: .init(quest: "saver"), experienceReward: 5, status: .active))
            try await deposit("1", server)
            let early = await problem {
                _ = try await client.send(API.ClaimQuest.self, .init(questID: id), .init(period: "once"))
            }
            #expect(early?.status == 409 && early?.slug == "not-completed")
            try await deposit("2", server)
            let shown = try #require(try await client.send(API.ListQuests.self, .init()).body.items.first)
            #expect(shown.status == .known(.completed) && shown.progress == FixedDecimal(2))
            let achievements = try await client.send(API.ListAchievements.self, .init()).body.items
            #expect(achievements.map(\.code) == ["two_deposits"] && achievements[0].unlockedAt != nil)

            let key = IdempotencyKey(UUID())
            let claim = try await client.send(
                API.ClaimQuest.self, .init(questID: id), .init(period: shown.period), key: key)
            #expect(claim.body.experience == 50 && claim.body.progress.status == .known(.claimed))
            #expect(
                try await client.send(
                    API.ClaimQuest.self, .init(questID: id), .init(period: shown.period), key: key) == claim)
            let progress = try await client.send(API.ListQuestProgress.self, .init(status: .claimed))
            #expect(progress.body.items == [claim.body.progress])

            let level = try await client.send(API.FindOwnLevel.self).body
            #expect(level == claim.body.level)
            var entries: [API.ExperienceEntry] = []
            for try await page in client.pages(API.ListExperience.self, .init(limit: 1)) {
                entries += page.body.items
            }
            #expect(entries.contains { $0.source == "quest.completed:saver:once" && $0.amount == 50 })
            #expect(entries.map(\.amount).reduce(0, +) == level.experience)
            let others = server.client(server.eve)
            #expect(try await others.send(API.FindOwnLevel.self).body.experience == 0)
        }
    }

    @Test func aSeasonsTiersAreClaimed() async throws {
        try await GamificationServer.with { server in
            let (client, olga) = (server.client(), server.client(server.olga))
            let pass = try await olga.send(API.CreateSeason.self, body: season(4, server)).body
                .catalogueSeasonSummary.id
            try await server.grant(300, to: server.ada.id, towards: pass)
            let current = try await client.send(API.FindCurrentBattlePass.self).body
            #expect(current.id == pass && current.experience == 300 && current.premiumSince == nil)
            #expect(current.tiers.map(\.isEarned) == [true, true])

            let key = IdempotencyKey(UUID())
            let badge = try await client.send(
                API.ClaimTier.self, .init(battlePassID: pass, tier: 1), .init(track: .free), key: key)
            #expect(badge.body.reward == .badge(.init(code: "first")))
            #expect(
                try await client.send(
                    API.ClaimTier.self, .init(battlePassID: pass, tier: 1), .init(track: .free), key: key)
                    == badge)
            let second = API.ClaimTier.Parameters(battlePassID: pass, tier: 2)
            let early = await problem {
                _ = try await client.send(API.ClaimTier.self, second, .init(track: .premium))
            }
            #expect(early?.slug == "needs-premium")
            let premium = try await olga.send(
                API.GrantPremium.self, .init(battlePassID: pass),
                .init(userID: server.ada.id, order: "order-1"))
            #expect(premium.body.premiumSince != nil)
            let points = try await client.send(API.ClaimTier.self, second, .init(track: .premium))
            #expect(points.body.reward == .experience(.init(amount: 50)))
            let after = try await client.send(API.FindCurrentBattlePass.self).body
            #expect(after.tiers.map(\.claimed) == [[.known(.free)], [.known(.premium)]])
        }
    }
}
