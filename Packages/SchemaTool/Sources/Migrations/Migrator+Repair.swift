import DatabaseClient
import Foundation

/// What a person decided about a history that the folder contradicts; each is a version.
public struct MigrationRepair: Sendable, Hashable {
    /// The edited text of a file that ran is right as it stands now.
    public var accept: [String] = []
    /// A file that ran is gone for good; what it made stays.
    public var forget: [String] = []
    /// A file that was left half-way runs from its first statement next time.
    public var retry: [String] = []
    /// The rest of a file that was left half-way was brought about by hand.
    public var markApplied: [String] = []

    public init() {}

    var isEmpty: Bool { accept.isEmpty && forget.isEmpty && retry.isEmpty && markApplied.isEmpty }
}

extension Migrator {
    /// Mends what `repair` names, in one transaction and under the migration lock, and gives what is still
    /// wrong: each a sentence that ends in what to type. With an empty `repair` it only explains, and then
    /// takes no lock.
    ///
    /// - Throws: `MigrationError.notRepairable` where a version is not in the state that its word is for;
    ///   nothing is changed then.
    public func repair(_ repair: MigrationRepair = MigrationRepair()) async throws -> [String] {
        let session = try await Session.openAsOwner(
            connectionString, applicationName: "schema migrate repair")
        return try await session.closing {
            if !repair.isEmpty {
                try await MigrationLock(session: session, deadlineSeconds: patience.lockDeadlineSeconds)
                    .acquire(progress)
                try await session.inTransaction { try await mend(repair, session) }
            }
            return try await explain(session)
        }
    }

    private func explain(_ session: Session) async throws -> [String] {
        let applied = try await MigrationHistory(session: session).read()
        let unfinished = try await MigrationProgress(session: session).read()
        var faults = MigrationHistory.faults(applied: applied, unfinished: unfinished, folder: folder)
        if let unfinished, folder.migrations.contains(where: unfinished.isResumable) {
            let way = unfinished.isUp ? "up" : "down"
            faults.append(
                "\(unfinished.fileName) runs without a transaction and was left half-way, after "
                    + "\(unfinished.doneStatements) statements. `schema migrate \(way)` goes on from "
                    + "there; or "
                    + "`schema migrate repair --retry \(unfinished.version)` to run it from its first "
                    + "statement; "
                    + "or, when you have brought the rest about by hand, "
                    + "`schema migrate repair --mark-applied \(unfinished.version)`.")
        }
        return faults
    }

    private func mend(_ repair: MigrationRepair, _ session: Session) async throws {
        let history = MigrationHistory(session: session)
        let rows = Dictionary(try await history.read().map { ($0.version, $0) }) { first, _ in first }
        let files = Dictionary(folder.migrations.map { ($0.version, $0) }) { first, _ in first }
        let unfinished = try await MigrationProgress(session: session).read()
        for version in repair.accept {
            guard let row = rows[version], let file = files[version], !file.isText(of: row) else {
                throw MigrationError.notRepairable(
                    "--accept \(version): only a file that ran and was edited since can be accepted.")
            }
            try await history.accept(file)
            progress("Accepted the text of \(file.upFileName) as it stands; it was not run.")
        }
        for version in repair.forget {
            guard let row = rows[version], files[version] == nil else {
                throw MigrationError.notRepairable(
                    "--forget \(version): only a migration that ran and whose file is missing can be "
                        + "forgotten."
                )
            }
            try await history.delete(version: version)
            progress("Forgot \(version)_\(row.name). What it made is still in the database.")
        }
        for version in repair.retry {
            let unfinished = try require(unfinished, version, "--retry")
            try await session.connection.script(MigrationProgress.end)
            progress("\(unfinished.fileName) runs from its first statement next time.")
        }
        for version in repair.markApplied {
            let unfinished = try require(unfinished, version, "--mark-applied")
            try await session.connection.script(MigrationProgress.end)
            if unfinished.isUp {
                guard let file = files[version] else {
                    throw MigrationError.notRepairable("--mark-applied \(version): its file is missing.")
                }
                try await history.insert(file, at: Date(), durationMilliseconds: 0)
            } else {
                try await history.delete(version: version)
            }
            progress("\(unfinished.fileName) counts as run to its end.")
        }
    }

    private func require(
        _ unfinished: UnfinishedMigration?, _ version: String, _ word: String
    ) throws -> UnfinishedMigration {
        guard let unfinished, unfinished.version == version else {
            throw MigrationError.notRepairable(
                "\(word) \(version): only a file without a transaction that was left half-way can be; "
                    + (unfinished.map { "that is \($0.version) here." } ?? "there is none in this database."))
        }
        return unfinished
    }
}

extension UnfinishedMigration {
    fileprivate func isResumable(_ file: MigrationFile) -> Bool { file.version == version && fits(file) }
}
