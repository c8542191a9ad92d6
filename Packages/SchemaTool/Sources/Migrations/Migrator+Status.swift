import DatabaseClient
import Foundation

/// Where one migration stands between the folder and a database.
public struct MigrationStatus: Sendable, Hashable {
    public enum State: String, Sendable, Codable {
        case applied, pending
        /// It ran with another text than the file has now.
        case edited
        /// It ran, but the folder does not hold it.
        case missing
        /// It runs without a transaction, and its runner ended before it did.
        case unfinished
    }

    public let version: String
    public let name: String
    public let state: State
    /// When it ran, for all but a pending one.
    public let appliedAt: Date?
    public let durationMilliseconds: Int?
}

extension Migrator {
    /// Every migration that the folder or the database knows, in order. Changes nothing and takes no lock.
    public func status() async throws -> [MigrationStatus] {
        let session = try await Session.open(connectionString, applicationName: "schema migrate status")
        let (applied, unfinished) = try await session.closing {
            (
                try await MigrationHistory(session: session).read(),
                try await MigrationProgress(session: session).read()
            )
        }
        let rows = Dictionary(applied.map { ($0.version, $0) }) { first, _ in first }
        let files = Dictionary(folder.migrations.map { ($0.version, $0) }) { first, _ in first }
        return Set(rows.keys).union(files.keys).union(unfinished.map { [$0.version] } ?? []).sorted().map {
            version in
            let (row, file) = (rows[version], files[version])
            let state: MigrationStatus.State
            switch (row, file) {
            case _ where version == unfinished?.version: state = .unfinished
            case (nil, _): state = .pending
            case (_, nil): state = .missing
            case (let row?, let file?): state = file.isText(of: row) ? .applied : .edited
            }
            return MigrationStatus(
                version: version, name: file?.name ?? row?.name ?? unfinished?.name ?? "", state: state,
                appliedAt: row?.appliedAt,
                durationMilliseconds: row?.durationMilliseconds)
        }
    }
}
