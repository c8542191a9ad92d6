-- Tips about the main portfolio, what was done with them, and how the old ones were scored; the feed.
CREATE TEMP TABLE tip ON COMMIT DROP AS
SELECT d.n, k, d.user_id, d.id AS portfolio_id, e.id AS expert_id, moment.at,
    pg_temp.id(moment.at, 'tip ' || d.n || ' ' || k) AS id,
    (ARRAY['concentration', 'fees', 'drift', 'cash', 'diversification'])[1 + k % 5] AS kind,
    moment.at < pg_temp.as_of() - interval '40 days' AS is_old
FROM (SELECT n, user_id, id, at, size FROM depot WHERE k = 1) AS d
CROSS JOIN LATERAL generate_series(0, least(d.size / 40, 2000)) AS k
CROSS JOIN LATERAL (SELECT d.at + (k + 1) * (pg_temp.as_of() - d.at) / (3 + d.size / 40) AS at) AS moment
JOIN experts.ai_experts AS e ON e.code = (ARRAY['balance', 'thrift', 'horizon'])[1 + k % 3];
INSERT INTO experts.ai_tips (
    user_id, id, expert_id, portfolio_id, kind, trigger_key, title, body, confidence, impact, evidence, falsified_if,
    status, valid_from, expires_at, resolved_at, revision, created_at, updated_at)
SELECT user_id, id, expert_id, portfolio_id, kind::experts.tip_kind, 'week:' || to_char(at, 'IYYY-"W"IW') || ':' || k,
    'A look at ' || kind, 'The figure below is what this is about.', 50 + (n + k) % 45, 'medium',
    jsonb_build_array(jsonb_build_object(
        'figure', (20 + (n + k) % 60)::text, 'source', 'portfolios.portfolio_snapshots', 'at', to_jsonb(at))),
    'The share is below a tenth in thirty days.',
    (CASE WHEN NOT is_old THEN 'active' WHEN k % 3 = 0 THEN 'dismissed' WHEN k % 3 = 1 THEN 'acted' ELSE 'expired'
        END)
        ::experts.tip_status,
    at, at + interval '41 days', CASE WHEN is_old THEN at + interval '9 days' END, 1, at,
    CASE WHEN is_old THEN at + interval '9 days' ELSE at END
FROM tip ORDER BY n, k;
INSERT INTO experts.tip_scores (user_id, tip_id, horizon_days, outcome, evidence, scored_at, created_at)
SELECT user_id, id, 30, (ARRAY['right', 'unclear', 'wrong', 'right'])[1 + (n + k) % 4]::experts.tip_outcome,
    jsonb_build_array(jsonb_build_object('figure', '8', 'source', 'portfolios.portfolio_snapshots', 'at',
        to_jsonb(at + interval '30 days'))),
    at + interval '30 days', at + interval '30 days'
FROM tip WHERE is_old ORDER BY n, k;
INSERT INTO experts.user_ai_interactions (
    user_id, id, expert_id, tip_id, kind, rating, message, answer, latency_milliseconds, tokens, created_at,
        updated_at)
SELECT user_id, pg_temp.sibling(id, '9'), expert_id, id,
    (CASE WHEN k % 7 = 6 THEN 'question' WHEN k % 3 = 0 THEN 'disliked' ELSE 'liked' END)::experts.interaction_kind,
    1 + (n + k) % 5, CASE WHEN k % 7 = 6 THEN 'Why this one?' END,
    CASE WHEN k % 7 = 6 THEN 'Because of the figure above.' END, CASE WHEN k % 7 = 6 THEN 40 END, 0,
    at + interval '1 hour', at + interval '1 hour'
FROM tip ORDER BY n, k;
INSERT INTO experts.feed_interactions (
    user_id, feed_item_id, priority, shown_count, shown_at, opened_at, acted_at, dismissed_at, created_at, updated_at)
SELECT p.id, f.id, f.priority, 1 + p.n % 4, f.starts_at + interval '1 day',
    CASE WHEN p.n % 2 = 0 THEN f.starts_at + interval '2 days' END,
    CASE WHEN p.n % 6 = 0 THEN f.starts_at + interval '3 days' END, NULL, f.starts_at, f.starts_at + interval '3 days'
FROM person AS p JOIN experts.feed_items AS f ON pg_temp.pick(p.n || f.target, 2) = 0 ORDER BY p.n, f.target;
