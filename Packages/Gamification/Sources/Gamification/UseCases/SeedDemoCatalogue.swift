import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

/// Puts the demonstration's catalogue in, as an operator would: what is there by its code, or a season that
/// runs, stays.
func seedDemoCatalogue(in context: OperationContext) async throws {
    for draft in try DemoCatalogue.quests()
    where try await context.transaction.findQuestByCode(code: draft.code) == nil {
        _ = try await createQuest(draft, in: context)
    }
    let known = try await Set(
        context.transaction.listAchievements(afterID: .lowest, rowLimit: 1_000).map(\.code))
    for draft in try DemoCatalogue.achievements() where !known.contains(draft.code) {
        _ = try await createAchievement(draft, in: context)
    }
    let passes = try await context.transaction.listBattlePasses(beforeSeason: Int(Int32.max), rowLimit: 1_000)
    guard !passes.contains(where: { $0.status == .active && $0.seasonTimes.isRunning(at: context.now) }),
        let season = try DemoCatalogue.season(at: context.now, number: (passes.map(\.season).max() ?? 0) + 1)
    else { return }
    _ = try await createSeason(season, in: context)
}

/// What the dev server shows.
private enum DemoCatalogue {
    /// Early enough that whatever the dev server ever tells counts.
    private static let begin = Date(timeIntervalSince1970: 1_704_067_200)
    /// The first of January 2100.
    private static let end = Date(timeIntervalSince1970: 4_102_444_800)

    static func quests() throws -> [QuestDraft] {
        let buys = #"{"event": "transaction.posted", "types": ["buy"], "counts": "#
        let deposits = #"{"event": "transaction.posted", "types": ["deposit"], "counts": "#
        return [
            try quest(
                "first_investment", "Your first investment", "Buy something.", .oneTime, .onboarding,
                buys + #""each"}"#, 1, 50),
            try quest(
                "first_deposit", "Put something aside", "Make a deposit.", .oneTime, .saving,
                deposits + #""each"}"#, 1, 50),
            try quest(
                "eight_instruments", "Eight different things", "Spread over eight instruments.", .oneTime,
                .diversifying, buys + #""distinct", "by": "instrument"}"#, 8, 100),
            try quest(
                "ten_instruments", "Ten instruments", "Spread over ten instruments.", .oneTime, .diversifying,
                buys + #""distinct", "by": "instrument"}"#, 10, 150),
            try quest(
                "save_today", "Save today", "Put something aside today.", .daily, .saving,
                deposits + #""each"}"#, 1, 10),
            try quest(
                "week_of_saving", "A week of saving", "Save on three days of a week.", .weekly, .saving,
                deposits + #""days"}"#, 3, 30),
            try quest(
                "season_saver", "Season saver", "Save on ten days of the season.", .seasonal, .saving,
                deposits + #""days"}"#, 10, 250),
        ]
    }

    static func achievements() throws -> [AchievementDraft] {
        [
            try achievement("first_steps", "First steps", .bronze, "first_investment", 1, 50),
            try achievement("well_spread", "Well spread", .silver, "eight_instruments", 1, 300),
            try achievement(
                "year_of_days", "A year of days", .platinum, "save_today", 365, 1_000, hidden: true),
        ]
    }

    /// The quarter of a moment.
    static func season(at moment: Date, number: Int) throws -> SeasonDraft? {
        let today = CalendarDay(utc: moment)
        let first = (today.month - 1) / 3 * 3 + 1
        let (year, month) = first == 10 ? (today.year + 1, 1) : (today.year, first + 3)
        guard let begin = CalendarDay(year: today.year, month: first, day: 1),
            let end = CalendarDay(year: year, month: month, day: 1)
        else { return nil }
        return SeasonDraft(
            season: number, name: "Season of roots", startsAt: begin.start, endsAt: end.start,
            claimUntil: end.start.addingTimeInterval(.days(14)),
            price: try FixedDecimal(parsing: "9.99"), currency: .usd, status: .active,
            tiers: (1...10).map { tier in
                SeasonDraft.Tier(
                    experience: 25 * tier * (tier + 1),
                    freeReward: tier % 2 == 1 ? .badge("roots_\(tier)") : nil,
                    premiumReward: tier % 5 == 0 ? .experience(10 * tier) : .theme("leaf_\(tier)"))
            })
    }

    private static func quest(
        _ code: String, _ title: String, _ description: String, _ kind: QuestKind, _ category: QuestCategory,
        _ criteria: String, _ target: Int, _ reward: Int
    ) throws -> QuestDraft {
        QuestDraft(
            code: code, title: title, description: description, kind: kind, category: category,
            criteria: try QuestCriteria(parsing: criteria), target: FixedDecimal(target),
            experienceReward: reward, startsAt: begin, endsAt: kind == .seasonal ? end : nil, status: .active)
    }

    private static func achievement(
        _ code: String, _ title: String, _ tier: AchievementTier, _ quest: String, _ times: Int,
        _ reward: Int,
        hidden: Bool = false
    ) throws -> AchievementDraft {
        AchievementDraft(
            code: code, title: title, description: "", tier: tier,
            criteria: try AchievementCriteria(parsing: #"{"quest": "\#(quest)", "times": \#(times)}"#),
            isHidden: hidden, experienceReward: reward, status: .active)
    }
}
