import DatabaseClient
import EmbeddedPostgres
import Migrations

/// The embedded cluster with Grove's database in it, roles made and schema migrated.
struct LocalDatabase: Sendable {
    static let name = "grove"

    private let postgres: EmbeddedPostgres

    static func start(in folder: DataFolder, migrations: String, console: Console) async throws -> LocalDatabase {
        console.step("Starting PostgreSQL in \(folder.postgres)")
        let postgres = try await EmbeddedPostgres.start(.init(dataDirectory: folder.postgres)) {
            console.detail($0)
        }
        let database = LocalDatabase(postgres: postgres)
        do {
            try await database.createIfMissing()
            console.step("Migrating the schema")
            let owner = database.connectionString(role: "postgres")
            try await Roles.create(connectionString: owner) { console.detail($0) }
            try await Migrator(connectionString: owner, folder: MigrationFolder(path: migrations)) {
                console.detail($0)
            }.up()
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

    private func createIfMissing() async throws {
        let connection = try await DatabaseConnection.connect(postgres.connectionString())
        do {
            let known = "SELECT 1 FROM pg_catalog.pg_database WHERE datname = '\(Self.name)'"
            if try await connection.query(known).rowCount == 0 {
                try await connection.query("CREATE DATABASE \(Self.name)")
            }
        } catch {
            await connection.close()
            throw error
        }
        await connection.close()
    }
}
