import DatabaseClient

extension Doctor {
    func connected(_ session: Session) async throws -> Finding {
        let place = try await session.text(
            """
            SELECT format('Connected to %s as %s%s.', current_database(), current_user,
                CASE WHEN tls.ssl THEN format(', with %s', tls.version)
                    WHEN inet_server_addr() IS NULL THEN ', by a socket of this machine' ELSE '' END)
            FROM pg_catalog.pg_stat_ssl AS tls WHERE tls.pid = pg_backend_pid()
            """)
        let isOpen = try await session.text(
            """
            SELECT CASE WHEN NOT ssl AND inet_server_addr() IS NOT NULL
                AND NOT inet_server_addr() <<= '127.0.0.0/8'::inet AND inet_server_addr() <> '::1'::inet
                THEN 'yes' ELSE 'no' END
            FROM pg_catalog.pg_stat_ssl WHERE pid = pg_backend_pid()
            """)
        guard isOpen == "yes" else { return finding("login", .well, place) }
        return finding(
            "TLS", .warning, "\(place) Nothing on the way is encrypted.",
            "Use sslmode=verify-full where the network is not yours alone.")
    }

    /// The version, and whether it takes writes.
    func server(_ session: Session) async throws -> [Finding] {
        let version = try await session.text("SELECT current_setting('server_version')")
        let major = try await session.connection.query(
            "SELECT current_setting('server_version_num')::int8 / 10000"
        ).one { try $0.int(0) }
        var findings: [Finding] = []
        if major < analysedMajors.lowerBound {
            findings.append(
                finding(
                    "server", .fault,
                    "The server is PostgreSQL \(version); the schema needs \(analysedMajors.lowerBound).",
                    "Older ones lack what the migrations use, such as security_invoker views: upgrade it."))
        } else if major > analysedMajors.upperBound {
            findings.append(
                finding(
                    "server", .warning,
                    "The server is PostgreSQL \(version); the analysis of statements knows "
                        + analysedMajors.map(String.init).joined(separator: " and ") + ".",
                    "Migrations run. As a shadow it makes more results optional than they are."))
        } else {
            findings.append(finding("server", .well, "PostgreSQL \(version)."))
        }
        let state = try await session.text(
            """
            SELECT CASE WHEN pg_is_in_recovery() THEN 'standby'
                WHEN current_setting('transaction_read_only') = 'on' THEN 'read only' ELSE 'writable' END
            """)
        if state == "standby" {
            findings.append(
                finding(
                    "server", .fault, "It is a standby, which takes no writes.",
                    "Use the address of the primary, or list both hosts with "
                        + "target_session_attrs=read-write."))
        } else if state == "read only" {
            findings.append(
                finding(
                    "server", .fault, "Transactions are read only here.",
                    "default_transaction_read_only is on for the server, this database or this role "
                        + "(ALTER DATABASE … RESET default_transaction_read_only); a provider sets it when "
                        + "the "
                        + "disk is full."))
        }
        return findings
    }

    /// Two sessions that are open at once and both served by one backend: a pooler lends it out by
    /// transaction.
    func pooler(_ first: Session) async throws -> [Finding] {
        guard let second = try? await DatabaseConnection.connect(connectionString) else { return [] }
        let other = Session(connection: second)
        let isShared: Bool
        do {
            var pids: [Set<String>] = [[], []]
            for _ in 0..<4 {
                pids[0].insert(try await first.text("SELECT pg_backend_pid()::text"))
                pids[1].insert(try await other.text("SELECT pg_backend_pid()::text"))
            }
            isShared = !pids[0].isDisjoint(with: pids[1]) || pids[0].count > 1 || pids[1].count > 1
        } catch {
            await second.close()
            throw error
        }
        await second.close()
        guard isShared else { return [] }
        return [
            finding(
                "pooler", .fault,
                "A pooler in transaction mode stands in the way: two sessions share one backend.",
                "Migrations and LISTEN need the direct address of the server; services can use this one with "
                    + "DATABASE_POOLER=transaction.")
        ]
    }

    func connections(_ session: Session) async throws -> [Finding] {
        let (used, most) = try await session.connection.query(
            """
            SELECT (SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE usename IS NOT NULL),
                current_setting('max_connections')::int8
                    - current_setting('superuser_reserved_connections')::int8
            """
        ).one { (try $0.int(0), try $0.int(1)) }
        guard used * 10 >= most * 9 else {
            return [finding("connections", .well, "\(used) of \(most) connections are in use.")]
        }
        return [
            finding(
                "connections", .warning, "\(used) of \(most) connections are in use.",
                "See in pg_stat_activity who has them; make the pools smaller before max_connections larger.")
        ]
    }

    func roles(_ session: Session) async throws -> [Finding] {
        let names = [Roles.owner] + (folder?.roles.services ?? [])
        let known = try await session.texts(
            """
            SELECT rolname::text FROM pg_catalog.pg_roles
            WHERE rolname IN (\(names.map(literal).joined(separator: ", ")))
            """)
        let missing = names.filter { !known.contains($0) }
        guard missing.isEmpty else {
            return [
                finding(
                    "roles", .fault, "These roles are missing: \(missing.joined(separator: ", ")).",
                    "Run `schema roles` as a superuser.")
            ]
        }
        let state = try await session.text(
            """
            SELECT CASE WHEN NOT has_database_privilege('\(Roles.owner)', current_database(), 'CREATE')
                    THEN 'closed'
                WHEN NOT pg_has_role(current_user, '\(Roles.owner)', 'MEMBER') THEN 'other' ELSE 'well' END
            """)
        switch state {
        case "closed":
            return [
                finding(
                    "roles", .fault, "\(Roles.owner) may not make a schema in this database.",
                    "Run `schema roles` on it as a superuser.")
            ]
        case "other":
            return [
                finding(
                    "roles", .warning, "All roles are there, but this one may not migrate.",
                    "Connect as \(Roles.owner), or as a superuser, to migrate.")
            ]
        default: return [finding("roles", .well, "All \(names.count) roles are there.")]
        }
    }

    func indexes(_ session: Session) async throws -> [Finding] {
        let invalid = try await session.texts(
            """
            SELECT indexrelid::regclass::text FROM pg_catalog.pg_index
            WHERE NOT indisvalid AND NOT EXISTS (
                SELECT FROM pg_catalog.pg_stat_progress_create_index AS build
                WHERE build.index_relid = indexrelid)
            ORDER BY 1
            """)
        guard !invalid.isEmpty else { return [] }
        return [
            finding(
                "indexes", .warning,
                "Invalid, left by a CREATE INDEX CONCURRENTLY: \(invalid.joined(separator: ", ")).",
                "They slow writes and serve no read: `schema migrate up` mends its own; else DROP INDEX "
                    + "CONCURRENTLY and make it again.")
        ]
    }
}
