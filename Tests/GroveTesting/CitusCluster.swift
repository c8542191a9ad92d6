import DatabaseClient
import Foundation
import Migrations
import Synchronization

/// A running Citus cluster, whose coordinator `GROVE_CITUS_URL` names, with a database on every node for each test.
///
/// The databases are copies of a template that is migrated and distributed once in the life of the process. One test run
/// at a time uses a cluster: it begins with dropping what the last one left.
public final class CitusCluster: Sendable {
    private static let template = "grove_citus_template"
    private static let prefix = "grove_citus_"

    /// Nil where no cluster is named.
    public static let shared = ProcessInfo.processInfo.environment["GROVE_CITUS_URL"].map(CitusCluster.init)

    /// A database of the coordinator, in which Citus knows its nodes.
    private let url: String
    private let count = Atomic(0)
    /// The template, made by the first who asks; gives the addresses of the nodes.
    private let start = Mutex<Task<[String], any Error>?>(nil)

    private init(url: String) { self.url = url }

    /// A connection string for one of the cluster's databases, through the coordinator.
    public func connectionString(user: String, database: String) -> String {
        Self.address(url, user: user, database: database)
    }

    /// Runs the body with the name of a fresh database, migrated and distributed, and drops it after.
    public func withDatabase<T>(_ body: (String) async throws -> T) async throws -> T {
        let task = start.withLock { task in
            let begun = task ?? Task { try await self.makeTemplate() }
            task = begun
            return begun
        }
        let nodes = try await task.value
        let name = Self.prefix + "\(count.add(1, ordering: .relaxed).newValue)"
        for node in nodes {
            try await Self.run(node, "CREATE DATABASE \(name) TEMPLATE \(Self.template) STRATEGY FILE_COPY")
        }
        // A database has settings of its own, which a copy does not get.
        for setting in Self.settings {
            try await Self.run(nodes[0], "ALTER DATABASE \(name) SET \(setting)")
        }
        let result: Result<T, any Error>
        do { result = .success(try await body(name)) } catch { result = .failure(error) }
        for node in nodes { try? await Self.run(node, "DROP DATABASE IF EXISTS \(name) WITH (FORCE)") }
        return try result.get()
    }

    /// Migrates and distributes the template; gives the addresses of the nodes, the coordinator's first.
    private func makeTemplate() async throws -> [String] {
        let workers = try await Self.rows(
            url,
            """
            SELECT nodename::text, nodeport::text FROM pg_dist_node
            WHERE noderole = 'primary' AND isactive AND groupid <> 0 ORDER BY nodeid
            """)
        let nodes = [url] + workers.map { Self.address(url, host: $0[0], port: Int($0[1])) }
        let folder = try Repository.migrations
        for node in nodes {
            let left = try await Self.rows(
                node, "SELECT datname::text FROM pg_database WHERE datname LIKE '\(Self.prefix)%'")
            for name in left.map({ $0[0] }) {
                try await Self.run(node, "ALTER DATABASE \(name) IS_TEMPLATE false")
                try await Self.run(node, "DROP DATABASE \(name) WITH (FORCE)")
            }
            // Roles that stand already, Citus would alter as grove_owner, who may not.
            for role in [Roles.owner] + folder.roles.services {
                try await Self.run(node, "DROP ROLE IF EXISTS \(role)")
            }
            try await Self.run(node, "CREATE DATABASE \(Self.template)")
            try await Self.run(Self.address(node, database: Self.template), "CREATE EXTENSION citus")
        }
        let address = Self.address(url, database: Self.template)
        let coordinator = URLComponents(string: url)
        try await Self.run(
            address,
            "SELECT citus_set_coordinator_host('\(coordinator?.host ?? "localhost")', \(coordinator?.port ?? 5_432))"
        )
        for worker in workers {
            try await Self.run(address, "SELECT citus_add_node('\(worker[0])', \(worker[1]))")
        }
        try await folder.roles.create(connectionString: address)
        try await Migrator(connectionString: address, folder: folder).up()
        // Four shards a table show as much as 32, and a copy costs what they hold.
        let file = Repository.root.appending(path: "infra/citus/distribute.sql")
        try await Self.run(
            address, "SET citus.shard_count = 4;\n" + String(contentsOf: file, encoding: .utf8))
        for node in nodes {
            // The maintenance daemon of Citus is in the template, too, and a copy wants it to be empty.
            try await Self.run(node, "ALTER DATABASE \(Self.template) ALLOW_CONNECTIONS false")
            try await Self.run(
                node,
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '\(Self.template)'"
            )
        }
        return nodes
    }

    /// What `distribute.sql` sets in the template.
    private static let settings = [
        "citus.propagate_set_commands = 'local'", "citus.multi_shard_modify_mode = 'sequential'",
    ]

    private static func address(
        _ url: String, host: String? = nil, port: Int? = nil, user: String? = nil, database: String? = nil
    ) -> String {
        guard var parts = URLComponents(string: url) else { return url }
        if let host { parts.host = host }
        if let port { parts.port = port }
        if let user { parts.user = user }
        if let database { parts.path = "/\(database)" }
        return parts.string ?? url
    }

    private static func run(_ url: String, _ sql: String) async throws {
        let connection = try await DatabaseConnection.connect(url, answerLimit: .seconds(300))
        do { try await connection.script(sql) } catch {
            await connection.close()
            throw error
        }
        await connection.close()
    }

    private static func rows(_ url: String, _ sql: String) async throws -> [[String]] {
        let connection = try await DatabaseConnection.connect(url)
        let result: Result<[[String]], any Error>
        do {
            let rows = try await connection.query(sql)
            result = .success(
                try rows.many { row in try (0..<rows.columnCount).map { try row.text($0) } })
        } catch { result = .failure(error) }
        await connection.close()
        return try result.get()
    }
}
