import ExactTypes
import Foundation
import ServiceKit
import SharedTypes
import StrictJSON

extension Message {
    /// What a client may show in its own way: the same values as the words, with keys in snake_case.
    var data: JSONValue {
        switch self {
        case .levelReached(let level, let experience):
            .object(["level": .number(Decimal(level)), "experience": .number(Decimal(experience))])
        case .questCompleted(let quest, let title, let period, let experience):
            .object([
                "quest_id": .string(quest.description), "title": .string(title), "period": .string(period),
                "experience_reward": .number(Decimal(experience)),
            ])
        case .achievementUnlocked(let achievement, let title, let tier):
            .object([
                "achievement_id": .string(achievement.description), "title": .string(title),
                "tier": .string(tier.rawValue),
            ])
        case .tierClaimed(let season, let tier, let track):
            .object([
                "season": .number(Decimal(season)), "tier": .number(Decimal(tier)),
                "track": .string(track.rawValue),
            ])
        case .passwordChanged(let at): .object(["changed_at": .string(at.rfc3339)])
        case .webhookDisabled(let endpoint, let host, let failures):
            .object([
                "webhook_endpoint_id": .string(endpoint.description), "host": .string(host),
                "failures": .number(Decimal(failures)),
            ])
        case .webhookSecretLost(let endpoint, let host):
            .object(["webhook_endpoint_id": .string(endpoint.description), "host": .string(host)])
        case .webhookTest(let endpoint): .object(["webhook_endpoint_id": .string(endpoint.description)])
        case .webhooksOverfull(let limit): .object(["limit": .number(Decimal(limit))])
        }
    }
}
