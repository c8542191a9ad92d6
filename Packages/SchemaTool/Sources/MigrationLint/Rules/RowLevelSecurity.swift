extension Rule {
    static let rowLevelSecurity = Rule(
        "row-level-security",
        why: """
            Policies are the second wall: without them one forgotten WHERE shows everybody's rows. \
            Forced, they would also bind the owner: its backfills update 0 rows silently, and COPY \
            fails.
            """,
        instead: """
            ENABLE ROW LEVEL SECURITY, not FORCE, and CREATE POLICY … USING (user_id = \
            app.current_user_id()).
            """,
        bad: [
            """
            CREATE TABLE portfolios.tags (
                user_id uuid NOT NULL, name text NOT NULL, CONSTRAINT tags_pkey PRIMARY KEY (user_id, name),
                CONSTRAINT tags_user_fkey FOREIGN KEY (user_id) REFERENCES users.users ON DELETE CASCADE);
            """
        ],
        good: [
            """
            CREATE TABLE portfolios.tags (
                user_id uuid NOT NULL, name text NOT NULL, CONSTRAINT tags_pkey PRIMARY KEY (user_id, name),
                CONSTRAINT tags_user_fkey FOREIGN KEY (user_id) REFERENCES users.users ON DELETE CASCADE);
            ALTER TABLE portfolios.tags ENABLE ROW LEVEL SECURITY;
            CREATE POLICY tags_owner ON portfolios.tags USING (user_id = app.current_user_id());
            """
        ],
        check: .catalog(
            sql: """
                SELECT t.title, '', t.title || CASE
                    WHEN c.relforcerowsecurity THEN ' forces row-level security on its owner'
                    WHEN c.relrowsecurity THEN ' has row-level security and no policy'
                    ELSE ' has no row-level security' END
                FROM tables t JOIN pg_class c ON c.oid = t.oid
                WHERE t.is_owned AND (NOT c.relrowsecurity OR c.relforcerowsecurity
                    OR NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = t.oid))
                """))
}
