import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

/// A quest that a fact counts towards.
private struct QuestStep {
    let quest: QuestRow
    let period: QuestPeriod
    let contribution: QuestContribution
    /// Type and key of the fact, and what it stands for where the quest counts different ones.
    let source: String

    init?(_ quest: Catalogue.OpenQuest, _ fact: QuestFact, season: Season?) {
        guard quest.isOpen(at: fact.at), let contribution = quest.criteria.contribution(of: fact),
            let period = QuestPeriod(
                of: quest.row.kind, at: fact.at, in: fact.zone, endsAt: quest.row.endsAt, season: season)
        else { return nil }
        self.quest = quest.row
        self.period = period
        self.contribution = contribution
        source = contribution.subject.map { "\(fact.source):\($0)" } ?? fact.source
    }

    /// How far the quest is then, or nil where the fact counts no more: the quest is over, or it was counted before.
    /// Of a claimed quest it is noted too: it may be what is left when another is taken back.
    func progress(from state: QuestStateRow?) -> (before: QuestProgress, after: QuestProgress)? {
        guard let state else {
            let none = QuestProgress(.zero, of: quest.target)
            return (none, none.adding(contribution.amount))
        }
        guard state.status != .expired, !state.isKnown else { return nil }
        let before = QuestProgress(state.progress, of: state.target)
        return (before, state.isCounted ? before : before.adding(contribution.amount))
    }
}

/// Counts a fact towards the user's quests and experience. It happens in the fact's own transaction, so it
/// happens once.
func countFact(
    _ fact: QuestFact, under catalogue: Catalogue, events: EventLog, in context: OperationContext
) async throws {
    let pass = catalogue.pass(at: fact.at)
    let steps = catalogue.quests.compactMap { QuestStep($0, fact, season: pass?.seasonTimes) }
    let direct = ExperienceGrant.direct(for: fact)
    guard !steps.isEmpty || direct != nil else { return }
    var ledger = try await ExperienceLedger.open(events: events, in: context)
    var grants = direct.map { [$0] } ?? []
    for step in try await advance(steps, in: context) {
        grants += try await complete(step, under: catalogue, events: events, in: context)
    }
    if let direct { try await ledger.insertFact(fact.source, standingFor: direct.subject) }
    try await ledger.grant(grants, towards: pass?.id)
}

/// Moves quests on.
/// - Returns: those that are completed by it.
private func advance(
    _ steps: [QuestStep], in context: OperationContext
) async throws -> [QuestStep] {
    guard !steps.isEmpty else { return [] }
    let (user, transaction) = (try context.user, context.transaction)
    let asked = steps.map {
        AskedQuestState(
            questID: $0.quest.id, period: $0.period.name, sourceEvent: $0.source,
            subject: $0.contribution.subject)
    }
    let states = try await transaction.listQuestStates(asked, userID: user)
    let stateByQuest = Dictionary(uniqueKeysWithValues: states.map { ($0.questID, $0) })
    var counted: [QuestStep] = []
    var moved: [(step: QuestStep, progress: QuestProgress)] = []
    var completed: [QuestStep] = []
    for step in steps {
        let state = stateByQuest[step.quest.id]
        guard let (before, after) = step.progress(from: state) else { continue }
        counted.append(step)
        if after.isComplete && !before.isComplete { completed.append(step) }
        if after != before || state == nil || state?.status == .available { moved.append((step, after)) }
    }
    if !moved.isEmpty {
        let rows = moved.map { step, progress in
            UserQuestProgress(
                questID: step.quest.id, period: step.period.name, progress: progress.amount,
                target: progress.target, expiresAt: step.period.expiresAt)
        }
        try await transaction.advanceUserQuests(rows, userID: user, now: context.now)
    }
    if !counted.isEmpty {
        // What changes nothing is written down too: it may be all that is left when another is taken back.
        let rows = counted.map {
            NewQuestEvent(
                questID: $0.quest.id, period: $0.period.name, sourceEvent: $0.source,
                amount: $0.contribution.amount)
        }
        try await transaction.insertQuestEvents(rows, userID: user, now: context.now)
    }
    return completed
}

/// Appends that a quest is completed, and unlocks what asks for it.
/// - Returns: what the achievements give.
private func complete(
    _ step: QuestStep, under catalogue: Catalogue, events: EventLog, in context: OperationContext
) async throws -> [ExperienceGrant] {
    let (user, transaction) = (try context.user, context.transaction)
    let quest = step.quest
    try await appendOnce(
        QuestCompleted(
            questID: quest.id, code: quest.code, title: quest.title, period: step.period.name,
            experienceReward: quest.experienceReward, completedAt: context.now), events: events, in: context)
    var grants: [ExperienceGrant] = []
    for achievement in catalogue.achievements[quest.code] ?? [] {
        if achievement.criteria.times > 1 {
            let times = try await transaction.countCompletions(userID: user, questID: quest.id)
            guard times >= achievement.criteria.times else { continue }
        }
        let row = achievement.row
        let unlocked = try await transaction.unlockAchievement(
            userID: user, achievementID: row.id, unlockedAt: context.now,
            sourceEvent: "quest.completed:\(quest.code):\(step.period.name)", now: context.now)
        guard unlocked != nil else { continue }
        try await appendOnce(
            AchievementUnlocked(
                achievementID: row.id, code: row.code, title: row.title, tier: row.tier,
                unlockedAt: context.now), events: events, in: context)
        grants.append(
            ExperienceGrant(amount: row.experienceReward, reason: .achievement, subject: row.subject))
    }
    return grants
}

/// Appends an event, or nothing where the log has its natural key: what was taken back and reached again is appended
/// once.
private func appendOnce(
    _ event: some DomainEvent, events: EventLog, in context: OperationContext
) async throws {
    do {
        try await context.transaction.savepoint { try await events.append(event, in: context) }
    } catch let error as DatabaseError where error.uniqueViolation != nil {
    }
}

extension AchievementRow {
    /// What the points of an achievement are for.
    var subject: String { "achievement.unlocked:\(code)" }
}
