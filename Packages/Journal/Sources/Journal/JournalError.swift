import DatabaseClient

/// Why Journal does not do what it is asked.
enum JournalError: Error, Equatable {
    /// There is no such thing that the user may see: "account", "entry".
    case notFound(String)
    /// Another account of the user has the name.
    case nameTaken
    /// The file, or the entry in it, came in before.
    case alreadyImported
}

extension JournalError {
    /// What a violated constraint means, where a person can mean something by it.
    init?(_ error: DatabaseError) {
        switch error.uniqueViolation {
        case "accounts_name_key": self = .nameTaken
        case "imports_file_hash_key", "journal_entries_external_id_key": self = .alreadyImported
        default: return nil
        }
    }
}
