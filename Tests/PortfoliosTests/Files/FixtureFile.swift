import Foundation
import GroveTesting

/// The files under Fixtures, which are read where they lie.
enum FixtureFile {
    /// A Ghostfolio export of 22 activities in two currencies.
    static func ghostfolio() throws -> String {
        try String(contentsOf: folder.appending(path: "ghostfolio-export.json"), encoding: .utf8)
    }

    /// A plain CSV with every type of transaction, for a portfolio that tracks cash.
    static func csv() throws -> String {
        try String(contentsOf: folder.appending(path: "activities.csv"), encoding: .utf8)
    }

    private static let folder = Repository.root.appending(path: "Tests/PortfoliosTests/Fixtures")
}
