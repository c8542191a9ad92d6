extension Rule {
    static let onDeleteSetNull = Rule(
        "on-delete-set-null",
        why: """
            A foreign key of a user-owned table begins with user_id, which cannot be NULL; and a \
            distributed engine refuses a key that sets its own distribution column.
            """,
        instead: "Say ON DELETE CASCADE or RESTRICT; keep what must outlive the row as text.",
        bad: [
            """
            CREATE TABLE portfolios.baskets (
                id uuid NOT NULL, adopted_from uuid, CONSTRAINT baskets_pkey PRIMARY KEY (id),
                CONSTRAINT baskets_adopted_from_fkey FOREIGN KEY (adopted_from)
                    REFERENCES portfolios.baskets ON DELETE SET NULL);
            CREATE INDEX baskets_adopted_from_idx ON portfolios.baskets (adopted_from);
            """
        ],
        good: [
            """
            CREATE TABLE portfolios.baskets (
                id uuid NOT NULL, adopted_from uuid, CONSTRAINT baskets_pkey PRIMARY KEY (id),
                CONSTRAINT baskets_adopted_from_fkey FOREIGN KEY (adopted_from)
                    REFERENCES portfolios.baskets ON DELETE RESTRICT);
            CREATE INDEX baskets_adopted_from_idx ON portfolios.baskets (adopted_from);
            """
        ],
        check: .catalog(
            sql: """
                SELECT title, conname::text,
                    conname || ' writes NULL or a default into rows that refer to what is deleted'
                FROM constraints WHERE contype = 'f' AND confdeltype IN ('n', 'd')
                """))
}
