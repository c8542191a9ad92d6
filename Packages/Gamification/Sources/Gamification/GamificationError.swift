import DatabaseClient

/// Why Gamification does not do what it is asked.
enum GamificationError: Error, Equatable {
    /// There is no such thing that the user may see: "quest", "battle pass".
    case notFound(String)
    /// The event granted experience for this reason before.
    case alreadyGranted
    /// The event counted towards the quest before.
    case alreadyCounted
    /// The user has the achievement.
    case alreadyUnlocked
    /// The tier was claimed on this track before.
    case alreadyClaimed
    /// The order of a premium pass was used before.
    case alreadyPremium
    /// Another quest or achievement has the code, or another pass the season.
    case codeTaken
}

extension GamificationError {
    /// What a violated constraint means, where a person can mean something by it.
    init?(_ error: DatabaseError) {
        switch error.uniqueViolation {
        case "experience_entries_source_event_key": self = .alreadyGranted
        case "quest_events_pkey": self = .alreadyCounted
        case "user_achievements_pkey": self = .alreadyUnlocked
        case "battle_pass_claims_pkey": self = .alreadyClaimed
        case "user_battle_passes_premium_order_key": self = .alreadyPremium
        case "quests_code_key", "achievements_code_key", "battle_passes_season_key": self = .codeTaken
        default: return nil
        }
    }
}
