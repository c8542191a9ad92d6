import SharedTypes

/// A transaction on its way into a file, with what its instrument is called outside.
struct ExportedActivity: Sendable, Hashable {
    let entry: LedgerTransaction
    /// Nil where the transaction has no instrument.
    let listing: ActivityListing?
    /// What people call the instrument.
    let name: String?
    let note: String?
}

/// A file that a portfolio was exported to.
struct ExportedFile: Sendable, Hashable {
    let text: String
    let contentType: String
    /// As a download is to be called: "grove-2021-12-18.csv".
    let name: String
}
