extension Rule {
    static let sequenceKey = Rule(
        "sequence-key",
        why: """
            A sequence is one counter for all nodes, tells how many rows there are, and gives no id \
            before the insert. Ids are UUIDv7, made by the program.
            """,
        instead: "Write uuid, and let the program make it.",
        bad: [
            """
            CREATE TABLE portfolios.baskets (
                number bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
                CONSTRAINT baskets_pkey PRIMARY KEY (number));
            """
        ],
        good: [
            "CREATE TABLE portfolios.baskets (id uuid NOT NULL, CONSTRAINT baskets_pkey PRIMARY KEY (id));"
        ],
        check: .catalog(
            sql: """
                SELECT coalesce(t.title, n.nspname || '.' || s.relname), coalesce(a.attname::text, ''),
                    coalesce(t.title || '.' || a.attname, s.relname) || ' counts with a sequence'
                FROM pg_class s JOIN namespaces n ON n.oid = s.relnamespace
                LEFT JOIN pg_depend d ON d.objid = s.oid AND d.classid = 'pg_class'::regclass
                    AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
                LEFT JOIN tables t ON t.oid = d.refobjid
                LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
                WHERE s.relkind = 'S'
                """))
}
