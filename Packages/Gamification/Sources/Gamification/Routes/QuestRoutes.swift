import ContractKit
import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import GamificationContract
import ServiceKit
import SharedTypes

/// `/v1/quests` and `/v1/quest-progress`.
struct QuestRoutes {
    private typealias API = GamificationAPI

    let database: Database
    let events: EventLog

    func add(to routes: EndpointRoutes) {
        routes.read(API.ListQuests.self, list)
        routes.read(API.ListQuestProgress.self, listProgress)
        routes.once(API.ClaimQuest.self, claim)
    }

    @Sendable private func list(_ call: Call<API.ListQuests>) async throws -> API.ListQuests.Output {
        let (user, now) = (call.user, call.now)
        let page = try call.page(Quest.ID.self)
        let own = database.acting(as: user.uuid)
        // Both in one flight.
        async let pass = own.findCurrentBattlePass(now: now)
        let zone = try await findTimeZone(of: user, on: own)
        let season = try await pass.flatMap { $0.seasonTimes.isRunning(at: now) ? $0.seasonTimes : nil }
        func period(_ kind: QuestKind) -> String {
            QuestPeriod(of: kind, at: now, in: zone, endsAt: nil, season: season)?.name ?? ""
        }
        let rows = try await own.listOpenQuests(
            userID: user, day: period(.daily), week: period(.weekly), season: period(.seasonal),
            afterID: page.after ?? .lowest, now: now, rowLimit: page.rowLimit)
        return .ok(page.answer(rows, { API.Quest($0, period: period($0.kind)) }) { $0.id })
    }

    @Sendable private func listProgress(
        _ call: Call<API.ListQuestProgress>
    ) async throws -> API.ListQuestProgress.Output {
        let page = try call.page(Quest.ID.self, String.self)
        let (quest, period) = page.after ?? (.lowest, "")
        let rows = try await database.acting(as: call.user.uuid).listUserQuests(
            userID: call.user, afterQuestID: quest, afterPeriod: period, status: call.parameters.status,
            rowLimit: page.rowLimit)
        return .ok(page.answer(rows, API.QuestProgress.init) { ($0.questID, $0.period) })
    }

    @Sendable private func claim(
        _ call: Call<API.ClaimQuest>, _ operation: OperationContext
    ) async throws -> API.ClaimQuest.Output {
        let claim = try await claimQuest(
            call.parameters.questID, period: call.body.period, events: events, in: operation)
        return .created(API.QuestClaim(claim))
    }
}

extension GamificationAPI.Quest {
    /// - Parameter period: that of now; empty for a seasonal quest where no season runs.
    fileprivate init(_ row: ListOpenQuestsRow, period: String) {
        self.init(
            id: row.id, code: row.code, title: row.title, description: row.description, kind: row.kind,
            category: row.category, experienceReward: row.experienceReward, endsAt: row.endsAt,
            period: period, progress: row.own?.progress ?? .zero, target: row.own?.target ?? row.target,
            status: row.own?.status ?? .available, expiresAt: row.own?.expiresAt)
    }
}

extension GamificationAPI.QuestProgress {
    fileprivate init(_ row: UserQuestRow) {
        self.init(
            questID: row.questID, period: row.period, progress: row.progress, target: row.target,
            status: row.status, expiresAt: row.expiresAt, completedAt: row.completedAt,
            claimedAt: row.claimedAt)
    }
}

extension GamificationAPI.QuestClaim {
    fileprivate init(_ claim: QuestClaim) {
        self.init(
            experience: claim.experience, progress: GamificationAPI.QuestProgress(claim.progress),
            level: GamificationAPI.Level(claim.level))
    }
}
