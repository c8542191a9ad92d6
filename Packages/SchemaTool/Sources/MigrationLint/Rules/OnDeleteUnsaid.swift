extension Rule {
    static let onDeleteUnsaid = Rule(
        "on-delete-unsaid",
        why: """
            A foreign key that says nothing refuses the delete of what it refers to, and nobody decided \
            that it should.
            """,
        instead: "Say ON DELETE CASCADE or ON DELETE RESTRICT.",
        bad: [
            """
            CREATE TABLE portfolios.baskets (
                id uuid NOT NULL, adopted_from uuid, CONSTRAINT baskets_pkey PRIMARY KEY (id),
                CONSTRAINT baskets_adopted_from_fkey FOREIGN KEY (adopted_from)
                    REFERENCES portfolios.baskets);
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
                    conname || ' does not say what happens when the row it refers to is deleted'
                FROM constraints WHERE contype = 'f' AND confdeltype = 'a'
                """))
}
