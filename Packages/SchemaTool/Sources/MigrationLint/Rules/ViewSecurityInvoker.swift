extension Rule {
    static let viewSecurityInvoker = Rule(
        "view-security-invoker",
        why: """
            A plain view reads with the rights of its owner, whom no policy binds: it shows everybody's \
            rows.
            """,
        instead: "Write CREATE VIEW … WITH (security_invoker = true) AS ….",
        bad: ["CREATE VIEW portfolios.open_lots AS SELECT user_id, id FROM portfolios.lots;"],
        good: [
            """
            CREATE VIEW portfolios.open_lots WITH (security_invoker = true) AS
                SELECT user_id, id FROM portfolios.lots;
            """
        ],
        check: .catalog(
            sql: """
                SELECT n.nspname || '.' || c.relname, '',
                    c.relname || ' reads as its owner, past every policy'
                FROM pg_class c JOIN namespaces n ON n.oid = c.relnamespace
                WHERE c.relkind = 'v' AND NOT coalesce(
                    c.reloptions::text ~ 'security_invoker=(true|on|yes|1)', false)
                """))
}
