-- name: insertCongressTrade :optional
-- A filing of the feed, or nothing where it is known.
INSERT INTO market.congress_trades (
    id, source_hash, source, member, bioguide_id, chamber, party, ticker, transaction, traded_on, filed_on,
    amount_low, amount_high, owner, ordinal, raw, created_at)
VALUES (
    :congress_trade_id, :source_hash, :source, :member, :bioguide_id, :chamber, :party, :ticker, :transaction,
    :traded_on, :filed_on, :amount_low, :amount_high, :owner, :ordinal, :raw, :now)
ON CONFLICT ON CONSTRAINT congress_trades_source_hash_key DO NOTHING
RETURNING id, source_hash, source, member, bioguide_id, chamber, party, ticker, transaction, traded_on, filed_on,
    amount_low, amount_high, owner, ordinal, raw, created_at;

-- name: findCongressTrade :optional
-- A filing by its id.
SELECT id, source_hash, source, member, bioguide_id, chamber, party, ticker, transaction, traded_on, filed_on,
    amount_low, amount_high, owner, ordinal, raw, created_at
FROM market.congress_trades
WHERE id = :congress_trade_id;

-- name: findCongressTradeByHash :optional
-- A filing by its hash.
SELECT id, source_hash, source, member, bioguide_id, chamber, party, ticker, transaction, traded_on, filed_on,
    amount_low, amount_high, owner, ordinal, raw, created_at
FROM market.congress_trades
WHERE source_hash = :source_hash;

-- name: listCongressTrades :many
-- A page of the filings since a day, in the order in which they were filed.
-- param: after_id CongressTrade.ID
SELECT id, source_hash, source, member, bioguide_id, chamber, party, ticker, transaction, traded_on, filed_on,
    amount_low, amount_high, owner, ordinal, raw, created_at
FROM market.congress_trades
WHERE filed_on >= :from_day AND (filed_on, id) > (:after_day, :after_id)
ORDER BY filed_on, id
LIMIT :row_limit;

-- name: listCongressTradesOfTicker :many
-- A page of the filings of a ticker.
-- param: after_id CongressTrade.ID
SELECT id, source_hash, source, member, bioguide_id, chamber, party, ticker, transaction, traded_on, filed_on,
    amount_low, amount_high, owner, ordinal, raw, created_at
FROM market.congress_trades
WHERE ticker = :ticker AND (filed_on, id) > (:after_day, :after_id)
ORDER BY filed_on, id
LIMIT :row_limit;
