import Foundation
import SharedTypes

/// Whether a tier may be claimed, from what is known of it and of the user.
struct TierClaim: Sendable {
    /// Why it may not.
    enum Refusal: Error, Hashable, Sendable {
        case notBegun, graceIsOver
        case notEarned(missing: Int)
        case needsPremium
        case noReward
    }

    let season: Season
    let experienceRequired: Int
    let track: RewardTrack
    let reward: Reward?
    /// The points of the season.
    let experience: Int
    let isPremium: Bool

    /// The reward; claims go on in the grace after the season's end.
    func granted(at now: Date) throws(Refusal) -> Reward {
        guard season.startsAt <= now else { throw .notBegun }
        guard now < season.claimUntil else { throw .graceIsOver }
        guard experience >= experienceRequired else {
            throw .notEarned(missing: experienceRequired - experience)
        }
        // Premium that was bought late opens the tiers behind it too: nothing here asks when.
        guard track == .free || isPremium else { throw .needsPremium }
        guard let reward else { throw .noReward }
        return reward
    }
}
