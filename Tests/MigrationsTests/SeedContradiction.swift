/// What must not be found in seeded rows. No constraint can say it, since each is about more rows than one.
struct SeedContradiction {
    let name: String
    let query: String

    static let all = [
        SeedContradiction(
            name: "a schedule's principal is not the loan's",
            query: """
                SELECT l.id, l.principal, sum(i.principal) FROM loans.loans AS l
                JOIN loans.loan_instalments AS i ON i.user_id = l.user_id AND i.loan_id = l.id
                GROUP BY l.id, l.principal HAVING sum(i.principal) <> l.principal
                """),
        SeedContradiction(
            name: "what is owed is not the principal less what was paid of it",
            query: """
                SELECT l.id, l.outstanding FROM loans.loans AS l
                WHERE l.outstanding <> l.principal - (
                    SELECT coalesce(sum(p.principal), 0) FROM loans.loan_payments AS p
                    WHERE p.user_id = l.user_id AND p.loan_id = l.id AND p.reversed_at IS NULL)
                """),
        SeedContradiction(
            name: "what was paid of a schedule is not what came in",
            query: """
                SELECT l.id, s.paid, p.paid FROM loans.loans AS l
                CROSS JOIN LATERAL (
                    SELECT sum(principal_paid + interest_paid + fees_paid) AS paid
                    FROM loans.loan_instalments AS i
                    WHERE i.user_id = l.user_id AND i.loan_id = l.id) AS s
                CROSS JOIN LATERAL (
                    SELECT sum(amount) AS paid FROM loans.loan_payments AS p
                    WHERE p.user_id = l.user_id AND p.loan_id = l.id AND p.reversed_at IS NULL) AS p
                WHERE s.paid <> p.paid
                """),
        SeedContradiction(
            name: "the interest of days since the last paid instalment is not what has accrued",
            query: """
                SELECT l.id, l.accrued_interest, a.interest FROM loans.loans AS l
                CROSS JOIN LATERAL (
                    SELECT coalesce(sum(a.interest), 0) AS interest FROM loans.loan_accruals AS a
                    WHERE a.user_id = l.user_id AND a.loan_id = l.id AND a.day > (
                        SELECT max(i.due_on) FROM loans.loan_instalments AS i
                        WHERE i.user_id = l.user_id AND i.loan_id = l.id AND i.paid_at IS NOT NULL)) AS a
                WHERE l.accrued_interest <> a.interest
                """),
        SeedContradiction(
            name: "a day of a loan accrued nothing, or twice",
            query: """
                SELECT l.id, count(*), max(a.day) - min(a.day) FROM loans.loans AS l
                JOIN loans.loan_accruals AS a ON a.user_id = l.user_id AND a.loan_id = l.id
                GROUP BY l.id, l.accrued_until, l.disbursed_at
                HAVING min(a.day) <> l.disbursed_at::date + 1 OR max(a.day) <> l.accrued_until
                    OR count(*) <> max(a.day) - min(a.day) + 1
                """),
        SeedContradiction(
            name: "a level is not the sum of its entries",
            query: """
                SELECT u.user_id, u.experience FROM gamification.user_levels AS u
                WHERE u.experience <> (
                    SELECT coalesce(sum(e.amount), 0) FROM gamification.experience_entries AS e
                    WHERE e.user_id = u.user_id)
                """),
        SeedContradiction(
            name: "a claimed quest gave no experience",
            query: """
                SELECT q.user_id, c.code, q.period FROM gamification.user_quests AS q
                JOIN gamification.quests AS c ON c.id = q.quest_id
                WHERE q.status = 'claimed' AND NOT EXISTS (
                    SELECT FROM gamification.experience_entries AS e
                    WHERE e.user_id = q.user_id AND e.reason = 'quest' AND e.amount = c.experience_reward
                        AND e.source_event = 'quest.completed:' || c.code || ':' || q.period)
                """),
        SeedContradiction(
            name: "progress is not what counted",
            query: """
                SELECT q.user_id, q.progress FROM gamification.user_quests AS q
                WHERE q.progress <> (
                    SELECT coalesce(sum(e.amount), 0) FROM gamification.quest_events AS e
                    WHERE e.user_id = q.user_id AND e.quest_id = q.quest_id AND e.period = q.period)
                """),
        SeedContradiction(
            name: "a tier was claimed that was not reached, or on a track that was not bought",
            query: """
                SELECT c.user_id, c.tier, c.track FROM gamification.battle_pass_claims AS c
                JOIN gamification.user_battle_passes AS u USING (user_id, battle_pass_id)
                JOIN gamification.battle_pass_tiers AS t USING (battle_pass_id, tier)
                WHERE t.experience_required > u.experience OR c.track = 'premium' AND u.premium_since IS NULL
                """),
        SeedContradiction(
            name: "a pool is not the sum of its entries",
            query: """
                SELECT p.id, p.total FROM automation.round_up_pools AS p
                WHERE p.total <> (
                    SELECT coalesce(sum(e.amount), 0) FROM automation.round_up_entries AS e
                    WHERE e.user_id = p.user_id AND e.pool_id = p.id AND e.status = 'pooled')
                """),
        SeedContradiction(
            name: "an invested pool or a completed run is not its investment",
            query: """
                SELECT i.id, i.amount FROM portfolios.basket_investments AS i
                LEFT JOIN automation.round_up_pools AS p
                    ON p.user_id = i.user_id AND p.basket_investment_id = i.id
                LEFT JOIN automation.auto_invest_runs AS r
                    ON r.user_id = i.user_id AND r.basket_investment_id = i.id
                WHERE i.source IN ('round_up', 'auto_invest')
                    AND i.amount IS DISTINCT FROM coalesce(p.total, r.amount)
                """),
        SeedContradiction(
            name: "the buys of an investment are more than was asked for, or far less",
            query: """
                SELECT i.id, i.amount, sum(t.gross_amount) FROM portfolios.basket_investments AS i
                LEFT JOIN portfolios.transactions AS t
                    ON t.user_id = i.user_id AND t.basket_investment_id = i.id
                WHERE i.status = 'completed' GROUP BY i.id, i.amount
                HAVING coalesce(sum(t.gross_amount), 0) NOT BETWEEN i.amount * 0.9 AND i.amount
                """),
        SeedContradiction(
            name: "an order's fill is not its executions",
            query: """
                SELECT t.id, t.filled_quantity FROM trading.trades AS t
                WHERE t.filled_quantity <> (
                    SELECT coalesce(sum(e.quantity), 0) FROM trading.executions AS e
                    WHERE e.user_id = t.user_id AND e.trade_id = t.id)
                """),
        SeedContradiction(
            name: "a position is not its executions",
            query: """
                SELECT p.id, p.quantity FROM trading.positions AS p
                WHERE p.quantity <> (
                    SELECT sum(CASE t.side WHEN 'buy' THEN e.quantity ELSE -e.quantity END)
                    FROM trading.executions AS e
                    JOIN trading.trades AS t ON t.user_id = e.user_id AND t.id = e.trade_id
                    WHERE t.user_id = p.user_id AND t.symbol = p.symbol
                        AND t.venue = p.venue AND t.mode = p.mode
                        AND t.strategy_id IS NOT DISTINCT FROM p.strategy_id)
                """),
        SeedContradiction(
            name: "an order follows a filing that the feed does not have",
            query: """
                SELECT t.id FROM trading.trades AS t WHERE t.source = 'congress' AND NOT EXISTS (
                    SELECT FROM market.congress_trades AS c WHERE c.source_hash = t.source_hash)
                """),
        SeedContradiction(
            name: "a type of entry that the journal does not show",
            query: """
                SELECT type FROM unnest(enum_range(NULL::journal.journal_entry_type)) AS type
                WHERE type NOT IN (SELECT e.type FROM journal.journal_entries AS e)
                """),
        SeedContradiction(
            name: "a roll that is not a closing and an opening at one moment in one chain",
            query: """
                SELECT 1 WHERE NOT EXISTS (
                    SELECT FROM journal.journal_entries AS c JOIN journal.journal_entries AS o
                        ON o.user_id = c.user_id AND o.chain = c.chain AND o.at - c.at < interval '2 minutes'
                    WHERE c.type = 'buy_to_close' AND o.type = 'sell_to_open' AND o.at > c.at)
                """),
        SeedContradiction(
            name: "an expert's record is not the count of the scores",
            query: """
                SELECT r.expert_id, r.kind FROM experts.expert_records AS r
                WHERE r.right_count + r.wrong_count + r.unclear_count > (
                    SELECT count(*) FROM experts.tip_scores AS s
                    JOIN experts.ai_tips AS t ON t.user_id = s.user_id AND t.id = s.tip_id
                    WHERE t.expert_id = r.expert_id AND t.kind = r.kind AND s.horizon_days = r.horizon_days)
                """),
        SeedContradiction(
            name: "a tier of users, or a status of deliveries, that nobody shows",
            query: """
                SELECT t::text FROM unnest(enum_range(NULL::users.subscription_tier)) AS t
                WHERE t NOT IN (SELECT subscription_tier FROM users.users WHERE email NOT LIKE 'load-%')
                UNION ALL
                SELECT s::text FROM unnest(enum_range(NULL::notifications.delivery_status)) AS s
                WHERE s NOT IN (SELECT status FROM notifications.notification_deliveries)
                """),
    ]
}
