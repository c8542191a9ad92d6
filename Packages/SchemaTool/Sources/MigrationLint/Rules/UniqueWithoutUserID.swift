extension Rule {
    static let uniqueWithoutUserID = Rule(
        "unique-without-user-id",
        why: """
            A unique key of a user-owned table begins with user_id. Another one would have to ask every \
            node of a distributed table, and tells one person what another has.
            """,
        instead: "Write (user_id, …) in the primary key, in UNIQUE and in a unique index.",
        bad: [
            """
            -- no-transaction
            CREATE UNIQUE INDEX CONCURRENTLY portfolios_name_key ON portfolios.portfolios (name, user_id);
            """
        ],
        good: [
            """
            -- no-transaction
            CREATE UNIQUE INDEX CONCURRENTLY portfolios_name_key ON portfolios.portfolios (user_id, name);
            """
        ],
        check: .catalog(
            sql: """
                SELECT t.title, c.relname::text, c.relname || ' is unique and does not begin with user_id'
                FROM tables t JOIN pg_index i ON i.indrelid = t.oid AND i.indisunique
                JOIN pg_class c ON c.oid = i.indexrelid
                WHERE t.is_owned AND i.indkey[0] <> t.user_id
                """))
}
