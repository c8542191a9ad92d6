import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import Hummingbird
import ServiceKit
import SharedTypes
import StrictJSON

/// `/v1/quests` and `/v1/quest-progress`.
struct QuestRoutes {
    let database: Database
    let events: EventLog
    let now: @Sendable () -> Date

    func add(to router: ServiceRouter) {
        router.get("/v1/quests", use: list)
        router.get("/v1/quest-progress", use: listProgress)
        router.post("/v1/quests/{quest_id}/claims", use: claim)
    }

    @Sendable private func list(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let user = try context.user().userID
        let page = try Page.read(from: request, context)
        let after = try Cursor.identifier(page.after, Quest.self)
        let now = now()
        let own = database.acting(as: user.uuid)
        let pass = try await own.findCurrentBattlePass(now: now)
        let season = pass.flatMap { $0.seasonTimes.isRunning(at: now) ? $0.seasonTimes : nil }
        let zone = try await findTimeZone(of: user, on: own)
        func period(_ kind: QuestKind) -> String {
            QuestPeriod(of: kind, at: now, in: zone, endsAt: nil, season: season)?.name ?? ""
        }
        let rows = try await own.listOpenQuests(
            userID: user, day: period(.daily), week: period(.weekly), season: period(.seasonal),
            afterID: after ?? .lowest, now: now, rowLimit: page.limit + 1)
        return try .json(
            ListAnswer(rows, limit: page.limit, { OpenQuestAnswer($0, period: period($0.kind)) }) {
                Cursor.encode(["\($0.id)"])
            })
    }

    @Sendable private func listProgress(_ request: Request, _ context: ServiceContext) async throws
        -> Response
    {
        let user = try context.user().userID
        let query = try Fields.query(of: request)
        let page = try Page.read(from: query)
        let status = try query.optionalEnumeration("status", UserQuestStatus.self)
        try query.finish()
        var (quest, period) = (Quest.ID.lowest, "")
        if let cursor = page.after {
            (quest, period) = try Cursor.decode(cursor, as: Quest.ID.self, String.self)
        }
        let rows = try await database.acting(as: user.uuid).listUserQuests(
            userID: user, afterQuestID: quest, afterPeriod: period, status: status, rowLimit: page.limit + 1)
        return try .json(
            ListAnswer(rows, limit: page.limit, QuestProgressAnswer.init) {
                Cursor.encode(["\($0.questID)", $0.period])
            })
    }

    @Sendable private func claim(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let questID = try context.identifier("quest_id", Quest.self)
        let fields = try await Fields.body(of: request, context: context)
        let period = try fields.string("period", length: 1...20)
        try fields.finish()
        let now = now()
        return try await Idempotency.perform(
            request, context, operation: "claimQuest", body: fields, on: database, now: now
        ) { operation in
            let claim = try await claimQuest(questID, period: period, events: events, in: operation)
            return try .json(QuestClaimAnswer(claim), status: .created)
        }
    }
}

private struct OpenQuestAnswer: Encodable {
    let id: Quest.ID
    let code: String
    let title: String
    let description: String
    let kind: QuestKind
    let category: QuestCategory
    let experienceReward: Int
    let endsAt: Date?
    /// The period of now; empty for a seasonal quest where no season runs.
    let period: String
    let progress: FixedDecimal
    let target: FixedDecimal
    let status: UserQuestStatus
    let expiresAt: Date?

    init(_ row: ListOpenQuestsRow, period: String) {
        (id, code, title, description) = (row.id, row.code, row.title, row.description)
        (kind, category, experienceReward) = (row.kind, row.category, row.experienceReward)
        (endsAt, self.period) = (row.endsAt, period)
        progress = row.own?.progress ?? .zero
        target = row.own?.target ?? row.target
        status = row.own?.status ?? .available
        expiresAt = row.own?.expiresAt
    }
}

struct QuestProgressAnswer: Encodable {
    let questID: Quest.ID
    let period: String
    let progress: FixedDecimal
    let target: FixedDecimal
    let status: UserQuestStatus
    let expiresAt: Date?
    let completedAt: Date?
    let claimedAt: Date?

    private enum CodingKeys: String, CodingKey {
        case questID = "quest_id"
        case period, progress, target, status, expiresAt, completedAt, claimedAt
    }

    init(_ row: UserQuestRow) {
        (questID, period, progress, target) = (row.questID, row.period, row.progress, row.target)
        (status, expiresAt, completedAt) = (row.status, row.expiresAt, row.completedAt)
        claimedAt = row.claimedAt
    }
}

private struct QuestClaimAnswer: Encodable {
    let experience: Int
    let progress: QuestProgressAnswer
    let level: LevelAnswer

    init(_ claim: QuestClaim) {
        experience = claim.experience
        progress = QuestProgressAnswer(claim.progress)
        level = LevelAnswer(claim.level)
    }
}
