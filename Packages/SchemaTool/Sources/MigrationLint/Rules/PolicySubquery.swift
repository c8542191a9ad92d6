extension Rule {
    static let policySubquery = Rule(
        "policy-subquery",
        why: """
            A subquery in a policy is asked again for row after row, needs rights of its own, and a \
            distributed engine cannot push it down to the nodes.
            """,
        instead: "Compare user_id with app.current_user_id(), and nothing else.",
        bad: [
            """
            CREATE POLICY lots_portfolio ON portfolios.lots
                USING (portfolio_id IN (SELECT id FROM portfolios.portfolios));
            """
        ],
        good: ["CREATE POLICY lots_own ON portfolios.lots USING (user_id = app.current_user_id());"],
        check: .catalog(
            sql: """
                SELECT t.title, p.polname::text,
                    'the policy ' || p.polname || ' asks a subquery for every row'
                FROM pg_policy p JOIN tables t ON t.oid = p.polrelid
                WHERE coalesce(p.polqual::text, '') || coalesce(p.polwithcheck::text, '') ~ '\\{SUBLINK '
                """))
}
