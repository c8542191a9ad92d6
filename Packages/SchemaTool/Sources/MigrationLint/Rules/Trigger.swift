extension Rule {
    static let trigger = Rule(
        "trigger",
        why: """
            A trigger is work that no statement shows. Distributed engines do not run it, and row by row \
            it makes COPY and a backfill slow.
            """,
        instead: "Write the effect in the use case, in the same transaction, or append an event.",
        bad: [
            """
            CREATE FUNCTION portfolios.note_change() RETURNS trigger LANGUAGE plpgsql
                AS $$ BEGIN NEW.note := 'changed'; RETURN NEW; END $$;
            CREATE TRIGGER lots_note_change BEFORE UPDATE ON portfolios.lots
                FOR EACH ROW EXECUTE FUNCTION portfolios.note_change();
            """
        ],
        good: [
            """
            CREATE FUNCTION portfolios.noted(note text) RETURNS text LANGUAGE sql IMMUTABLE
                AS $$ SELECT coalesce(note, 'changed') $$;
            """
        ],
        check: .catalog(
            sql: """
                SELECT t.title, g.tgname::text,
                    'the trigger ' || g.tgname || ' works on every row of ' || t.title
                FROM pg_trigger g JOIN tables t ON t.oid = g.tgrelid WHERE NOT g.tgisinternal
                """))
}
