import DatabaseClient

/// Why Trading does not do what it is asked.
enum TradingError: Error, Equatable {
    /// There is no such thing that the user may see: "strategy", "order".
    case notFound(String)
    /// Another strategy of the user has the name.
    case nameTaken
    /// The user has an account at the venue in this mode.
    case accountTaken
    /// The order was written down before.
    case alreadyOrdered
    /// The broker told of the fill before.
    case alreadyExecuted
}

extension TradingError {
    /// What a violated constraint means, where a person can mean something by it.
    init?(_ error: DatabaseError) {
        switch error.uniqueViolation {
        case "strategies_name_key": self = .nameTaken
        case "broker_accounts_venue_key": self = .accountTaken
        case "trades_client_order_id_key", "trades_alpaca_order_id_key", "trades_source_hash_key":
            self = .alreadyOrdered
        case "executions_provider_id_key": self = .alreadyExecuted
        default: return nil
        }
    }
}
