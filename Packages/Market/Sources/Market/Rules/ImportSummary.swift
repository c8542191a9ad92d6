/// How far an import has come.
public struct ImportProgress: Sendable, Hashable {
    /// Rows below the header that were read.
    public internal(set) var read = 0
    /// Rows that were new.
    public internal(set) var inserted = 0
    /// Rows whose figures differed from what was stored.
    public internal(set) var updated = 0
}

/// What an import did.
public struct ImportSummary: Sendable, Hashable {
    /// Rows below the header.
    public let read: Int
    /// Rows that were new.
    public let inserted: Int
    /// Rows whose figures differed from what was stored.
    public let updated: Int
    /// Rows that were stored already, with the same figures.
    public let unchanged: Int
    /// Figures with more decimals than are stored, rounded half to even.
    public let rounded: Int
    /// Shared instruments that the import made.
    public let instrumentsCreated: Int
    /// Columns of the file that were not read.
    public let ignoredColumns: [String]
}
