extension Rule {
    static let foreignKeyWithoutUserID = Rule(
        "foreign-key-without-user-id",
        why: """
            Between two user-owned tables only a foreign key that begins with user_id on both sides \
            keeps a row from pointing at another person's, and only such a key stays on one node.
            """,
        instead: "Write FOREIGN KEY (user_id, …) REFERENCES … (user_id, …).",
        bad: [
            """
            CREATE TABLE portfolios.marks (
                user_id uuid NOT NULL, id uuid NOT NULL, other_id uuid NOT NULL, lot_id uuid NOT NULL,
                CONSTRAINT marks_pkey PRIMARY KEY (user_id, id),
                CONSTRAINT marks_user_fkey FOREIGN KEY (user_id) REFERENCES users.users ON DELETE CASCADE,
                CONSTRAINT marks_lot_fkey FOREIGN KEY (other_id, lot_id)
                    REFERENCES portfolios.lots (user_id, id) ON DELETE CASCADE);
            CREATE INDEX marks_lot_idx ON portfolios.marks (other_id, lot_id);
            ALTER TABLE portfolios.marks ENABLE ROW LEVEL SECURITY;
            CREATE POLICY marks_owner ON portfolios.marks USING (user_id = app.current_user_id());
            """
        ],
        good: [
            """
            CREATE TABLE portfolios.marks (
                user_id uuid NOT NULL, id uuid NOT NULL, lot_id uuid NOT NULL,
                CONSTRAINT marks_pkey PRIMARY KEY (user_id, id),
                CONSTRAINT marks_user_fkey FOREIGN KEY (user_id) REFERENCES users.users ON DELETE CASCADE,
                CONSTRAINT marks_lot_fkey FOREIGN KEY (user_id, lot_id)
                    REFERENCES portfolios.lots (user_id, id) ON DELETE CASCADE);
            CREATE INDEX marks_lot_idx ON portfolios.marks (user_id, lot_id);
            ALTER TABLE portfolios.marks ENABLE ROW LEVEL SECURITY;
            CREATE POLICY marks_owner ON portfolios.marks USING (user_id = app.current_user_id());
            """
        ],
        check: .catalog(
            sql: """
                SELECT k.title, k.conname::text,
                    k.conname || ' can point from one person''s row to another''s in ' || r.title
                FROM constraints k JOIN tables r ON r.oid = k.confrelid
                WHERE k.contype = 'f' AND k.is_owned AND r.is_owned
                    AND (k.conkey[1] <> k.user_id OR k.confkey[1] <> r.user_id)
                """))
}
