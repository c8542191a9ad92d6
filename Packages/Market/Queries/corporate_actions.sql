-- name: writeCorporateActions :one
-- Adds corporate actions and revises those whose figures differ, as with bars.
-- rows: NewCorporateAction
WITH written AS (
    INSERT INTO market.corporate_actions AS known (
        id, instrument_id, kind, ex_date, new_shares, old_shares, amount, currency, new_symbol, source, created_at,
        updated_at)
    SELECT action.id, :instrument_id, action.kind, action.ex_date, action.new_shares, action.old_shares,
        action.amount, action.currency, action.new_symbol, :source, :now, :now
    FROM unnest(
        :ids::uuid[], :kinds::market.corporate_action_kind[], :ex_dates::date[], :new_shares::numeric[],
        :old_shares::numeric[], :amounts::numeric[], :currencies::text[], :new_symbols::text[])
        AS action (id, kind, ex_date, new_shares, old_shares, amount, currency, new_symbol)
    ON CONFLICT ON CONSTRAINT corporate_actions_event_key DO UPDATE
    SET new_shares = excluded.new_shares, old_shares = excluded.old_shares, amount = excluded.amount,
        currency = excluded.currency, new_symbol = excluded.new_symbol, source = excluded.source,
        updated_at = excluded.updated_at
    WHERE (known.new_shares, known.old_shares, known.amount, known.currency, known.new_symbol)
        IS DISTINCT FROM (excluded.new_shares, excluded.old_shares, excluded.amount, excluded.currency,
            excluded.new_symbol)
    RETURNING known.created_at = known.updated_at AS is_new
)
SELECT count(*) FILTER (WHERE is_new) AS inserted, count(*) FILTER (WHERE NOT is_new) AS updated
FROM written;
