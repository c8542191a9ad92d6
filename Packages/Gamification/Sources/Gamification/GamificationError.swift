import ContractKit
import DatabaseClient
import ExactTypes
import ServiceKit

/// Why Gamification does not do what it is asked.
enum GamificationError: Error, Equatable {
    /// There is no such thing that the user may see: "quest", "battle pass".
    case notFound(String)
    /// The event granted experience for this reason before.
    case alreadyGranted
    /// The quest is not completed in this period.
    case notCompleted
    /// The quest or the tier was claimed before.
    case alreadyClaimed
    /// The time for claims is over.
    case claimIsOver
    /// The season has not begun.
    case seasonNotBegun
    /// So many points of the season are missing.
    case notEarned(missing: Int)
    /// The premium track was not bought.
    case needsPremium
    /// The tier gives nothing on this track.
    case noReward
    /// The user has the premium track, or the order opened another pass.
    case alreadyPremium
    /// Another quest or achievement has the code, or another pass the season.
    case codeTaken
    /// What was open to people once keeps what it asks for.
    case isFixed(field: String)
}

extension GamificationError {
    /// What a violated constraint means, where a person can mean something by it.
    init?(_ error: DatabaseError) {
        switch error.uniqueViolation {
        case "experience_entries_source_event_key": self = .alreadyGranted
        case "user_battle_passes_premium_order_key": self = .alreadyPremium
        case "quests_code_key", "achievements_code_key", "battle_passes_season_key": self = .codeTaken
        default: return nil
        }
    }

    /// Why a tier may not be claimed.
    init(_ refusal: TierClaim.Refusal) {
        switch refusal {
        case .notBegun: self = .seasonNotBegun
        case .graceIsOver: self = .claimIsOver
        case .notEarned(let missing): self = .notEarned(missing: missing)
        case .needsPremium: self = .needsPremium
        case .noReward: self = .noReward
        }
    }
}

extension GamificationError: ProblemConvertible {
    var problem: Problem {
        switch self {
        case .notFound(let what): .notFound(what)
        case .alreadyGranted: .conflict("already-granted", "It was granted before.")
        case .notCompleted: .conflict("not-completed", "The quest is not completed in this period.")
        case .alreadyClaimed: .conflict("already-claimed", "It was claimed before.")
        case .claimIsOver: .conflict("claim-over", "The time in which this could be claimed is over.")
        case .seasonNotBegun: .conflict("season-not-begun", "The season has not begun.")
        case .notEarned(let missing):
            .conflict("not-earned", "\(missing) points of the season are missing for this tier.")
        case .needsPremium: .conflict("needs-premium", "This track is open to those who have premium.")
        case .noReward: .conflict("no-reward", "The tier gives nothing on this track.")
        case .alreadyPremium:
            .conflict("already-premium", "The user has premium, or the order opened another season.")
        case .codeTaken: .conflict("code-taken", "Another one has this code or season.")
        case .isFixed(let field):
            .conflict(
                "is-fixed",
                "\(field) stays as it is once it was open to people: retire this one and make another.")
        }
    }
}
