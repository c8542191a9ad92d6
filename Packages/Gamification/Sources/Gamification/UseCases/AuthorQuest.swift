import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes
import StrictJSON

/// A quest as an operator writes it.
struct QuestDraft: Sendable {
    let code: String
    var title: String
    var description: String
    let kind: QuestKind
    var category: QuestCategory
    var criteria: QuestCriteria
    var target: FixedDecimal
    var experienceReward: Int
    var startsAt: Date
    var endsAt: Date?
    var status: CatalogueStatus

    func validate() throws {
        try criteria.check(kind: kind, target: target)
        if let endsAt, endsAt <= startsAt {
            throw FieldError(field: "ends_at", reason: "must be after starts_at")
        }
        guard kind != .seasonal || endsAt != nil else {
            throw FieldError(field: "ends_at", reason: "is required for a seasonal quest")
        }
    }
}

extension QuestDraft {
    /// What stands, to be changed.
    init(_ row: QuestRow) throws {
        code = row.code
        title = row.title
        description = row.description
        kind = row.kind
        category = row.category
        criteria = try QuestCriteria(parsing: row.criteria)
        target = row.target
        experienceReward = row.experienceReward
        startsAt = row.startsAt
        endsAt = row.endsAt
        status = row.status
    }
}

/// Creates a quest. A code that is taken violates `quests_code_key`.
func createQuest(_ draft: QuestDraft, in context: OperationContext) async throws -> QuestRow {
    try draft.validate()
    try draft.status.checkNew()
    return try await context.transaction.insertQuest(
        questID: .version7(at: context.now), code: draft.code, title: draft.title,
        description: draft.description,
        kind: draft.kind, category: draft.category, criteria: draft.criteria.json, target: draft.target,
        experienceReward: draft.experienceReward, startsAt: draft.startsAt, endsAt: draft.endsAt,
        status: draft.status, now: context.now)
}

/// Changes a quest. Once people could begin it, its criteria stay: what counted towards it was counted by
/// them.
/// - Parameter check: sees the revision that stands, under a lock, before anything is written.
func changeQuest(
    _ questID: Quest.ID, in context: OperationContext, check: (Int) throws -> Void,
    change: (inout QuestDraft) throws -> Void
) async throws -> QuestRow {
    guard let row = try await context.transaction.lockQuest(questID: questID) else {
        throw GamificationError.notFound("quest")
    }
    try check(row.revision)
    let before = try QuestDraft(row)
    var draft = before
    try change(&draft)
    try draft.validate()
    guard row.status == .draft || draft.criteria == before.criteria else {
        throw GamificationError.isFixed(field: "criteria")
    }
    try row.status.checkChange(to: draft.status)
    return try await context.transaction.updateQuest(
        title: draft.title, description: draft.description, category: draft.category,
        criteria: draft.criteria.json, target: draft.target, experienceReward: draft.experienceReward,
        startsAt: draft.startsAt, endsAt: draft.endsAt, status: draft.status, now: context.now,
        questID: questID)
}

extension CatalogueStatus {
    /// A new thing is a draft or open at once.
    func checkNew() throws(FieldError) {
        guard self != .retired else {
            throw FieldError(field: "status", reason: "must be draft or active")
        }
    }

    /// From draft to active to retired, and never back: what people have earned by it stands.
    func checkChange(to other: CatalogueStatus) throws(FieldError) {
        let order: [CatalogueStatus] = [.draft, .active, .retired]
        guard let from = order.firstIndex(of: self), let to = order.firstIndex(of: other), from <= to else {
            throw FieldError(
                field: "status", reason: "must not go back from \(rawValue) to \(other.rawValue)")
        }
    }
}
