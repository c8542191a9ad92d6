import DatabaseClient

extension Seed {
    /// Looks foreign keys up at the end, all at once, instead of at each row, which is most of the work of a
    /// load. Only a superuser may; for another nothing changes, and false comes back.
    func postponeKeys(_ session: Session) async throws -> Bool {
        let isSuperuser = try await session.text(
            """
            SELECT CASE WHEN rolsuper THEN 'yes' ELSE 'no' END
            FROM pg_catalog.pg_roles WHERE rolname = session_user
            """)
        guard isSuperuser == "yes" else { return false }
        try await session.connection.script(
            "RESET ROLE; SET session_replication_role = replica; SET ROLE \(Roles.owner)")
        return true
    }

    /// Holds every foreign key of the database against its rows; throws with the first that does not hold.
    func checkKeys(_ session: Session) async throws {
        let started = ContinuousClock.now
        let queries = try await session.texts(
            """
            SELECT format(
                'SELECT %L::text FROM %s AS child LEFT JOIN %s AS parent ON %s '
                    || 'WHERE %s AND parent.%I IS NULL LIMIT 1',
                con.conrelid::regclass || '.' || con.conname, con.conrelid::regclass, con.confrelid::regclass,
                string_agg(format('child.%I = parent.%I', child.attname, parent.attname), ' AND '),
                string_agg(format('child.%I IS NOT NULL', child.attname), ' AND '), min(parent.attname))
            FROM pg_catalog.pg_constraint AS con
            CROSS JOIN LATERAL unnest(con.conkey, con.confkey) AS pair (child, parent)
            JOIN pg_catalog.pg_attribute AS child
                ON child.attrelid = con.conrelid AND child.attnum = pair.child
            JOIN pg_catalog.pg_attribute AS parent
                ON parent.attrelid = con.confrelid AND parent.attnum = pair.parent
            WHERE con.contype = 'f'
            GROUP BY con.oid, con.conrelid, con.confrelid, con.conname ORDER BY con.conrelid, con.conname
            """)
        for query in queries {
            guard let broken = try await session.texts(query).first else { continue }
            throw MigrationError.notSeedable(
                "The load left rows that break the foreign key \(broken): its files are wrong, and this "
                    + "database with them.")
        }
        progress("\(queries.count) foreign keys hold, \(milliseconds(since: started)) ms")
    }
}
