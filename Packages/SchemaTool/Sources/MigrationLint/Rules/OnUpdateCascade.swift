extension Rule {
    static let onUpdateCascade = Rule(
        "on-update-cascade",
        why: """
            A key never changes. What follows its changes would move rows between the nodes of a \
            distributed table.
            """,
        instead: "Leave ON UPDATE out, and refer to an id that stays.",
        bad: [
            """
            CREATE TABLE portfolios.baskets (
                id uuid NOT NULL, adopted_from uuid, CONSTRAINT baskets_pkey PRIMARY KEY (id),
                CONSTRAINT baskets_adopted_from_fkey FOREIGN KEY (adopted_from)
                    REFERENCES portfolios.baskets ON DELETE RESTRICT ON UPDATE CASCADE);
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
                SELECT title, conname::text, conname || ' follows a key that changes'
                FROM constraints WHERE contype = 'f' AND confupdtype IN ('c', 'n', 'd')
                """))
}
