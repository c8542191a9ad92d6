import EmbeddedPostgres
import Migrations

/// The embedded cluster with Grove's database in it, roles made and schema migrated.
struct LocalDatabase: Sendable {
    static let name = "grove"

    private let postgres: EmbeddedPostgres

    static func start(in folder: DataFolder, migrations: String, console: Console) async throws
        -> LocalDatabase
    {
        console.step("Starting PostgreSQL in \(folder.postgres)")
        let postgres = try await EmbeddedPostgres.start(.init(dataDirectory: folder.postgres)) {
            console.detail($0)
        }
        let database = LocalDatabase(postgres: postgres)
        do {
            try await LocalServer.createDatabaseIfMissing(name, server: postgres.connectionString())
            console.step("Migrating the schema")
            let owner = database.connectionString(role: "postgres")
            let folder = try MigrationFolder(path: migrations)
            try await folder.roles.create(connectionString: owner, ownsCluster: true) { console.detail($0) }
            try await Migrator(connectionString: owner, folder: folder) { console.detail($0) }.up()
        } catch {
            await postgres.stop()
            throw error
        }
        return database
    }

    func connectionString(role: String) -> String {
        postgres.connectionString(user: role, database: Self.name)
    }

    func stop() async { await postgres.stop() }
}
