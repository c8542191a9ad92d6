public import ExactTypes
public import Foundation

/// Experience came to a user's ledger.
public struct ExperienceGranted: DomainEvent {
    public static let type = "experience.granted"
    public static let version = 1
    public var key: String { "\(reason.rawValue):\(source)" }
    public var occurredAt: Date { grantedAt }

    /// In points.
    public let amount: Int
    public let reason: ExperienceReason
    /// Type and key of what it was granted for.
    public let source: String
    public let grantedAt: Date

    public init(amount: Int, reason: ExperienceReason, source: String, grantedAt: Date) {
        self.amount = amount
        self.reason = reason
        self.source = source
        self.grantedAt = grantedAt
    }
}

/// A user reached a level for the first time.
public struct LevelReached: DomainEvent {
    public static let type = "level.reached"
    public static let version = 1
    public var key: String { "\(level)" }
    public var occurredAt: Date { reachedAt }

    public let level: Int
    /// In points, in all.
    public let experience: Int
    public let reachedAt: Date

    public init(level: Int, experience: Int, reachedAt: Date) {
        self.level = level
        self.experience = experience
        self.reachedAt = reachedAt
    }
}

/// A quest's target is reached; its reward can be claimed.
public struct QuestCompleted: DomainEvent {
    public static let type = "quest.completed"
    public static let version = 1
    public var key: String { "\(questID):\(period)" }
    public var occurredAt: Date { completedAt }

    public let questID: Quest.ID
    public let code: String
    public let title: String
    /// once, a UTC day (2026-11-21), an ISO week (2026-W47) or a season (season-3).
    public let period: String
    /// Points for the claim.
    public let experienceReward: Int
    public let completedAt: Date

    public init(
        questID: Quest.ID, code: String, title: String, period: String, experienceReward: Int,
        completedAt: Date
    ) {
        self.questID = questID
        self.code = code
        self.title = title
        self.period = period
        self.experienceReward = experienceReward
        self.completedAt = completedAt
    }
}

/// A user unlocked an achievement.
public struct AchievementUnlocked: DomainEvent {
    public static let type = "achievement.unlocked"
    public static let version = 1
    public var key: String { achievementID.description }
    public var occurredAt: Date { unlockedAt }

    public let achievementID: Achievement.ID
    public let code: String
    public let title: String
    public let tier: AchievementTier
    public let unlockedAt: Date

    public init(
        achievementID: Achievement.ID, code: String, title: String, tier: AchievementTier, unlockedAt: Date
    ) {
        self.achievementID = achievementID
        self.code = code
        self.title = title
        self.tier = tier
        self.unlockedAt = unlockedAt
    }
}

/// A user claimed a tier of a season's pass on one of its tracks.
public struct TierClaimed: DomainEvent {
    public static let type = "battle_pass.tier_claimed"
    public static let version = 1
    public var key: String { "\(season):\(tier):\(track.rawValue)" }
    public var occurredAt: Date { claimedAt }

    public let battlePassID: BattlePass.ID
    public let season: Int
    public let tier: Int
    public let track: RewardTrack
    public let claimedAt: Date

    public init(battlePassID: BattlePass.ID, season: Int, tier: Int, track: RewardTrack, claimedAt: Date) {
        self.battlePassID = battlePassID
        self.season = season
        self.tier = tier
        self.track = track
        self.claimedAt = claimedAt
    }
}
