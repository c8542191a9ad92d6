import ExactTypes
import Foundation
import SharedTypes

/// Something that a user is told, with the values that its words need. Each language of ``MessageCatalog`` has words
/// for every case, or it does not compile.
enum Message: Sendable, Hashable {
    case levelReached(level: Int, experience: Int)
    case questCompleted(quest: Quest.ID, title: String, period: String, experience: Int)
    case achievementUnlocked(achievement: Achievement.ID, title: String, tier: AchievementTier)
    case tierClaimed(season: Int, tier: Int, track: RewardTrack)
    case passwordChanged(at: Date)
    /// An endpoint did not answer so many times that it was switched off.
    case webhookDisabled(endpoint: WebhookEndpoint.ID, host: String, failures: Int)
    /// What an endpoint's messages are signed with cannot be read any more, so it was switched off.
    case webhookSecretLost(endpoint: WebhookEndpoint.ID, host: String)
    /// So many messages wait for the webhooks that no more are taken for now.
    case webhooksOverfull(limit: Int)
    /// A person asked for it, to see whether an endpoint takes messages. It goes there and nowhere else.
    case webhookTest(endpoint: WebhookEndpoint.ID)
}

extension Message {
    static let testTemplate = "webhook.test"

    /// The template's name, which stays: clients and the keys of messages know it.
    var template: String {
        switch self {
        case .levelReached: "level.reached"
        case .questCompleted: "quest.completed"
        case .achievementUnlocked: "achievement.unlocked"
        case .tierClaimed: "battle_pass.tier_claimed"
        case .passwordChanged: "user.password_changed"
        case .webhookDisabled: "webhook.disabled"
        case .webhookSecretLost: "webhook.secret_lost"
        case .webhooksOverfull: "webhook.overfull"
        case .webhookTest: Self.testTemplate
        }
    }

    var category: NotificationCategory {
        switch self {
        case .levelReached, .questCompleted, .achievementUnlocked, .tierClaimed: .gamification
        case .passwordChanged: .security
        case .webhookDisabled, .webhookSecretLost, .webhooksOverfull, .webhookTest: .product
        }
    }

    var priority: NotificationPriority {
        switch self {
        case .questCompleted, .tierClaimed: .low
        case .levelReached, .achievementUnlocked, .webhookTest: .normal
        case .webhookDisabled, .webhookSecretLost, .webhooksOverfull: .high
        // Passes by preferences, quiet hours and digests: who did not do it must learn of it now.
        case .passwordChanged: .critical
        }
    }
}
