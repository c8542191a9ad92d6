import DatabaseClient
import GroveTesting

extension TestDatabase {
    /// Every right but on rows: for statements that no code calls yet, which give no right.
    func grantEverything(to role: String) async throws {
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
