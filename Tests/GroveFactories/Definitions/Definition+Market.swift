/// Instruments, their prices, and the feeds.
extension Definition {
    static let market: [String: Definition] = [
        "market.instruments": Definition(
            [
                "source": "YAHOO", "exchange": "XNAS", "symbol": "ACME<n>", "name": "Acme",
                "class": "equity",
            ]),
        "market.price_bars": Definition(
            [
                "day": "<day>", "open": "10", "high": "12", "low": "9", "close": "11", "volume": "1000",
                "source": "YAHOO", "as_of": "<day>",
            ]),
        "market.owner_prices": Definition(["day": "<day>", "price": "11"]),
        "market.exchange_rates": Definition(
            ["base": "USD", "quote": "CHF", "day": "<day>", "rate": "0.9", "source": "ECB"]),
        "market.corporate_actions": Definition(
            [
                "kind": "split", "ex_date": "<day>", "new_shares": "2", "old_shares": "1",
                "source": "YAHOO",
            ],
            states: [
                "kind=dividend": ["new_shares": nil, "old_shares": nil, "amount": "1", "currency": "USD"],
                "kind=return_of_capital": [
                    "new_shares": nil, "old_shares": nil, "amount": "1", "currency": "USD",
                ],
                "kind=symbol_change": ["new_shares": nil, "old_shares": nil, "new_symbol": "NEW"],
            ]),
        "market.quotes": Definition(["price": "11", "quoted_at": nine, "source": "YAHOO"]),
        "market.trading_days": Definition(
            [
                "exchange": "XNAS", "day": "<day>", "opens_at": "2026-01-05T14:30:00Z",
                "closes_at": "2026-01-05T21:00:00Z", "source": "ALPACA",
            ]),
        "market.congress_trades": Definition(
            [
                "source_hash": "\\x<hex>", "source": "QUIVER", "member": "Jane Doe",
                "bioguide_id": "D000001", "chamber": "house", "party": "D", "ticker": "ACME",
                "transaction": "purchase", "traded_on": "2026-01-02", "filed_on": "2026-01-05",
                "amount_low": "1001", "amount_high": "15000", "owner": "self", "ordinal": "1", "raw": "{}",
            ]),
        "market.ingest_checkpoints": Definition(
            ["source": "QUIVER_<n>", "cursor": "p1", "watermark": nine]),
        "market.feeds": Definition(
            [
                "provider": "ALPACA_<n>", "kind": "bars", "instrument_id": "<parent>", "symbol": "ACME",
                "priority": "50",
                "first_day": "2024-01-02", "next_day": "2024-01-02", "attempt_at": nine,
            ],
            states: [
                "kind=exchange_rates": ["instrument_id": nil, "symbol": nil],
                "kind=corporate_actions": [:],
            ]),
        "market.feed_gaps": Definition(["day": "<day>", "attempts": "1", "attempt_at": nine]),
        "market.price_disagreements": Definition(
            ["day": "<day>", "provider": "ALPACA", "kept": "10", "kept_source": "YAHOO", "offered": "11"]),
        "market.job_runs": Definition(
            [
                "type": "follow_filings", "trading_date_et": "<day>", "status": "succeeded", "attempt": "1",
                "started_at": nine, "finished_at": ten, "stats": "{}",
            ],
            states: [
                "status=pending": ["started_at": nil, "finished_at": nil],
                "status=running": ["finished_at": nil],
                "status=failed": ["error": "The source is down."],
                "status=skipped": ["error": "A holiday."],
            ]),
    ]
}
