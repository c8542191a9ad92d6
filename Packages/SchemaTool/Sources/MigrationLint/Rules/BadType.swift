extension Rule {
    static let badType = Rule(
        "bad-type",
        why: """
            These types lose something: json its equality and indexes, char(n) blanks, timestamp the \
            zone, real and double decimals, money the currency, numeric without a precision fits no \
            fixed-point type, a wide one that is neither (38,18) nor (24,12) ends before a large portfolio or \
            a small coin does, and an int key runs out.
            """,
        instead: """
            Write jsonb, text with a CHECK on its length, timestamptz, numeric(38,18) for money and \
            quantities, numeric(24,12) for rates, at most nine digits for percentages, uuid for keys.
            """,
        bad: ["ALTER TABLE portfolios.lots ADD COLUMN price double precision;"],
        good: ["ALTER TABLE portfolios.lots ADD COLUMN price numeric(38,18);"],
        check: .catalog(
            sql: """
                SELECT t.title, a.attname::text,
                    a.attname || ' is ' || format_type(a.atttypid, a.atttypmod)
                FROM tables t
                JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
                JOIN pg_type y ON y.oid = a.atttypid
                LEFT JOIN pg_type e ON e.oid = y.typelem AND y.typcategory = 'A'
                WHERE coalesce(e.oid, y.oid) IN ('json'::regtype, 'bpchar'::regtype, 'timestamp'::regtype,
                        'timetz'::regtype, 'money'::regtype, 'float4'::regtype, 'float8'::regtype)
                    OR coalesce(e.oid, y.oid) = 'numeric'::regtype AND (a.atttypmod = -1
                        OR (a.atttypmod - 4) >> 16 > 9
                            AND format_type('numeric'::regtype, a.atttypmod)
                                NOT IN ('numeric(38,18)', 'numeric(24,12)'))
                    OR y.oid IN ('int2'::regtype, 'int4'::regtype) AND a.attname ~ '^(.*_)?id$'
                """))
}
