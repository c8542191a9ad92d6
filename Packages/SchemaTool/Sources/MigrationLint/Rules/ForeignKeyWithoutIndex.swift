extension Rule {
    static let foreignKeyWithoutIndex = Rule(
        "foreign-key-without-index",
        why: """
            Each delete of the row that is referred to looks for the rows that refer to it: without an \
            index, in all of the table.
            """,
        instead: """
            Make an index that begins with the key's columns; waive the rule for a catalogue whose rows \
            are never deleted.
            """,
        bad: [
            """
            CREATE TABLE portfolios.baskets (
                id uuid NOT NULL, adopted_from uuid, CONSTRAINT baskets_pkey PRIMARY KEY (id),
                CONSTRAINT baskets_adopted_from_fkey FOREIGN KEY (adopted_from)
                    REFERENCES portfolios.baskets ON DELETE RESTRICT);
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
                SELECT k.title, k.conname::text, 'no index begins with the columns of ' || k.conname
                FROM constraints k WHERE k.contype = 'f' AND NOT EXISTS (
                    SELECT FROM pg_index i WHERE i.indrelid = k.conrelid AND i.indisvalid
                        AND (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey)
                """))
}
