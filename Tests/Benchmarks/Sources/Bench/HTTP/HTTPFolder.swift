import DatabaseClient
import EmbeddedPostgres
import Foundation

/// The server, database and files that all contenders of `bench http` share.
struct HTTPFolder: Sendable {
    let server: EmbeddedPostgres
    let path: String
    private static let database = "grove"

    var keySet: String { "\(path)/jwks.json" }
    var publicKey: String { "\(path)/key.pem" }
    var tokens: String { "\(path)/tokens" }

    /// The connection by which the benchmark itself writes.
    func ownerConnection() async throws -> DatabaseConnection {
        try await DatabaseConnection.connect(server.connectionString(database: Self.database))
    }

    func url(of role: String) -> String { server.connectionString(user: role, database: Self.database) }

    /// Fills the database and writes the files.
    static func make(
        at path: String, on server: EmbeddedPostgres, migrations: String, sources: String
    ) async throws -> HTTPFolder {
        let folder = HTTPFolder(server: server, path: path)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let tokens = HTTPTokens()
        for (text, file) in [
            (tokens.keySet, folder.keySet), (tokens.publicKey, folder.publicKey),
            (try tokens.lines(), folder.tokens),
        ] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        }
        let owner = try await server.makeGrove(database, migrations: migrations)
        try await owner.script(try String(contentsOfFile: "\(sources)/http.sql", encoding: .utf8))
        // Services are ready where the last migration has run.
        let names = try FileManager.default.contentsOfDirectory(atPath: migrations)
        let last = names.filter { $0.hasSuffix(".up.sql") }.max() ?? ""
        try await owner.script(
            "INSERT INTO platform.migrations VALUES ('\(last.prefix { $0 != "_" })', 'bench', '', now(), 0)")
        // Not what is empty yet: a plan that is made for no rows reads every row of those that come.
        try await owner.script(
            """
            VACUUM ANALYZE users.users, market.instruments, market.price_bars, portfolios.portfolios,
                portfolios.transactions, portfolios.portfolio_holdings, portfolios.lots
            """)
        await owner.close()
        return folder
    }
}
