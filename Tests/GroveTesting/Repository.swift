public import Foundation
public import Migrations

/// Where the checkout lies.
public enum Repository {
    public static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Grove's migrations, with the roles of its contexts.
    public static var migrations: MigrationFolder {
        get throws { try MigrationFolder(path: root.appending(path: "migrations").path) }
    }
}
