import DatabaseClient

extension TestDatabase {
    /// Every right of a service but on foreign rows: for statements that no code calls yet, which give no right.
    public func grantEverything(to role: String) async throws {
        try await owner.script(
            """
            DO $$ BEGIN EXECUTE (
                SELECT string_agg(format('GRANT USAGE ON SCHEMA %1$I TO \(role);'
                    'GRANT ALL ON ALL TABLES IN SCHEMA %1$I TO \(role);'
                    'GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA %1$I TO \(role);', nspname), ' ')
                FROM pg_catalog.pg_namespace WHERE nspowner = 'grove_owner'::regrole);
                EXECUTE format('GRANT CONNECT ON DATABASE %I TO \(role)', current_database());
            END $$
            """)
    }
}
