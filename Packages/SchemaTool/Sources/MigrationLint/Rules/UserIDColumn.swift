extension Rule {
    static let userIDColumn = Rule(
        "user-id-column",
        why: """
            A table with a user_id is a person's: its policy, its keys and its place on a node come from \
            that column, so it is a uuid and never NULL.
            """,
        instead: "Write user_id uuid NOT NULL; a catalogue row with an optional owner calls it owner_id.",
        bad: [
            """
            CREATE TABLE portfolios.tags (
                id uuid NOT NULL, user_id uuid, name text NOT NULL, CONSTRAINT tags_pkey PRIMARY KEY (id));
            """
        ],
        good: [
            """
            CREATE TABLE portfolios.tags (
                id uuid NOT NULL, owner_id uuid, name text NOT NULL, CONSTRAINT tags_pkey PRIMARY KEY (id));
            """
        ],
        check: .catalog(
            sql: """
                SELECT title, 'user_id', 'user_id is ' || user_type
                    || CASE WHEN user_is_not_null THEN '' ELSE ' and may be NULL' END
                FROM tables WHERE has_user_id AND NOT is_owned
                """))
}
