import DatabaseClient

/// Why Automation does not do what it is asked.
enum AutomationError: Error, Equatable {
    /// There is no such thing that the user may see: "rule", "purchase".
    case notFound(String)
    /// The rule was carried out for this date.
    case alreadyRun
    /// The source told of the purchase before.
    case alreadyImported
    /// The purchase counted under the rule before.
    case alreadyRoundedUp
    /// The user has this card or account.
    case sourceTaken
    /// The rule has an open pool.
    case poolOpen
}

extension AutomationError {
    /// What a violated constraint means, where a person can mean something by it.
    init?(_ error: DatabaseError) {
        switch error.uniqueViolation {
        case "auto_invest_runs_pkey": self = .alreadyRun
        case "purchases_external_key": self = .alreadyImported
        case "round_up_entries_pkey": self = .alreadyRoundedUp
        case "spending_sources_external_key": self = .sourceTaken
        case "round_up_pools_open_key", "round_up_pools_number_key": self = .poolOpen
        default: return nil
        }
    }
}
