extension Rule {
    static let userForeignKey = Rule(
        "user-foreign-key",
        why: """
            What belongs to a person ends with the person, and a row of nobody is a row that nobody \
            deletes.
            """,
        instead: "Add FOREIGN KEY (user_id) REFERENCES users.users ON DELETE CASCADE.",
        bad: [
            """
            CREATE TABLE portfolios.tags (
                user_id uuid NOT NULL, name text NOT NULL, CONSTRAINT tags_pkey PRIMARY KEY (user_id, name));
            ALTER TABLE portfolios.tags ENABLE ROW LEVEL SECURITY;
            CREATE POLICY tags_owner ON portfolios.tags USING (user_id = app.current_user_id());
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
                SELECT t.title, '', t.title || ' has no foreign key of user_id alone to users.users, with cascade'
                FROM tables t WHERE t.is_owned AND NOT EXISTS (
                    SELECT FROM constraints k JOIN tables r ON r.oid = k.confrelid
                    WHERE k.conrelid = t.oid AND k.contype = 'f' AND k.conkey = ARRAY[t.user_id]
                        AND r.title = 'users.users' AND k.confdeltype = 'c')
                """))
}
