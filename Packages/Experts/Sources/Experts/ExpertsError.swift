import DatabaseClient

/// Why Experts does not do what it is asked.
enum ExpertsError: Error, Equatable {
    /// There is no such thing that the user may see: "tip", "expert".
    case notFound(String)
    /// Another expert has the code.
    case codeTaken
    /// The expert spoke to this event before.
    case alreadyTipped
    /// The tip has its score at this horizon.
    case alreadyScored
}

extension ExpertsError {
    /// What a violated constraint means, where a person can mean something by it.
    init?(_ error: DatabaseError) {
        switch error.uniqueViolation {
        case "ai_experts_code_key": self = .codeTaken
        case "ai_tips_trigger_key": self = .alreadyTipped
        case "tip_scores_pkey": self = .alreadyScored
        default: return nil
        }
    }
}
