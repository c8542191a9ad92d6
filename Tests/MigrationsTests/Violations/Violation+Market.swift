/// What the constraints of Market refuse.
extension Violation {
    static let market: [String: [Violation]] = [
        "market.congress_trades_amount_check": [["amount_low": "15001"], ["amount_low": "-1"]],
        "market.congress_trades_bioguide_id_check": [["bioguide_id": "!"]],
        "market.congress_trades_filed_on_check": [["filed_on": "2026-01-01"]],
        "market.congress_trades_member_check": [
            ["member": ""],
            ["member": String(repeating: "x", count: 201)],
        ],
        "market.congress_trades_ordinal_check": [["ordinal": "0"]],
        "market.congress_trades_party_check": [["party": ""], ["party": String(repeating: "x", count: 41)]],
        "market.congress_trades_raw_check": [["raw": "[]"], ["raw": jsonObject(characters: 65537)]],
        "market.congress_trades_source_check": [["source": "!"]],
        "market.congress_trades_source_hash_check": [["source_hash": "\\x00"]],
        "market.congress_trades_ticker_check": [
            ["ticker": ""],
            ["ticker": String(repeating: "x", count: 21)],
            ["ticker": " x"],
        ],
        "market.corporate_actions_amount_check": [
            ["kind": "dividend", "new_shares": nil, "old_shares": nil, "amount": "0", "currency": "USD"]
        ],
        "market.corporate_actions_currency_check": [
            ["kind": "dividend", "new_shares": nil, "old_shares": nil, "amount": "1", "currency": "usd"]
        ],
        "market.corporate_actions_kind_check": [["amount": "1"]],
        "market.corporate_actions_shares_check": [["new_shares": "0"], ["old_shares": "0"]],
        "market.corporate_actions_symbol_check": [
            ["kind": "symbol_change", "new_shares": nil, "old_shares": nil, "new_symbol": ""],
            ["kind": "symbol_change", "new_shares": nil, "old_shares": nil, "new_symbol": " x"],
            [
                "kind": "symbol_change", "new_shares": nil, "old_shares": nil,
                "new_symbol": String(repeating: "x", count: 101),
            ],
        ],
        "market.exchange_rates_base_check": [["base": "!"]],
        "market.exchange_rates_pair_check": [["quote": "USD"]],
        "market.exchange_rates_quote_check": [["quote": "!"]],
        "market.exchange_rates_rate_check": [["rate": "0"]],
        "market.feed_gaps_attempts_check": [["attempts": "0"]],
        "market.feeds_error_check": [
            ["failures": "1", "error": ""],
            ["failures": "1", "error": String(repeating: "x", count: 1001)],
        ],
        "market.feeds_failures_check": [
            ["failures": "-1"], ["failures": "1"], ["error": "The provider is down."],
        ],
        "market.feeds_next_day_check": [["next_day": "2024-01-01"]],
        "market.feeds_page_token_check": [
            ["page_token": "", "window_end": "2024-12-31"],
            ["page_token": String(repeating: "x", count: 4001), "window_end": "2024-12-31"],
            ["page_token": "x"],
        ],
        "market.feeds_priority_check": [["priority": "0"], ["priority": "1000"]],
        "market.feeds_provider_check": [["provider": "!"]],
        "market.feeds_revision_check": [["revision": "0"]],
        "market.feeds_rows_check": [["rows_read": "-1"], ["rows_refused": "-1"]],
        "market.feeds_subject_check": [["kind": "exchange_rates", "symbol": "ACME"], ["symbol": nil]],
        "market.feeds_symbol_check": [
            ["symbol": ""],
            ["symbol": String(repeating: "x", count: 101)],
            ["symbol": " x"],
        ],
        "market.feeds_window_check": [["window_end": "2024-01-01"]],
        "market.ingest_checkpoints_cursor_check": [
            ["cursor": ""],
            ["cursor": String(repeating: "x", count: 1001)],
        ],
        "market.ingest_checkpoints_source_check": [["source": "!"]],
        "market.instruments_calendar_check": [["calendar": "!"]],
        "market.instruments_currency_check": [["currency": "!"]],
        "market.instruments_exchange_check": [["exchange": "!"]],
        "market.instruments_isin_check": [["isin": "US037833100"], ["isin": "us0378331005"]],
        "market.instruments_name_check": [["name": ""], ["name": String(repeating: "x", count: 201)]],
        "market.instruments_revision_check": [["revision": "0"]],
        "market.instruments_source_check": [["source": "!"]],
        "market.instruments_symbol_check": [
            ["symbol": ""],
            ["symbol": String(repeating: "x", count: 101)],
            ["symbol": " x"],
        ],
        "market.job_runs_attempt_check": [["attempt": "-1"]],
        "market.job_runs_error_check": [
            ["status": "failed"],
            ["error": ""],
            ["error": String(repeating: "x", count: 4001)],
        ],
        "market.job_runs_finished_at_check": [["finished_at": nil]],
        "market.job_runs_order_check": [["finished_at": "2026-01-05T08:00:00Z"]],
        "market.job_runs_started_at_check": [["started_at": nil]],
        "market.job_runs_stats_check": [["stats": "[]"]],
        "market.job_runs_type_check": [["type": "!"]],
        "market.owner_prices_price_check": [["price": "0"]],
        "market.price_bars_positive_check": [["low": "0"], ["open": "0"], ["high": "0"], ["close": "0"]],
        "market.price_bars_range_check": [
            ["low": "10.5"],
            ["low": "9.5", "open": "10", "close": "9.2"],
            ["open": "13"],
            ["close": "13"],
        ],
        "market.price_bars_volume_check": [["volume": "-1"]],
        "market.price_disagreements_closes_check": [
            ["kept": "0"], ["offered": "0"], ["offered": "10"],
        ],
        "market.price_disagreements_provider_check": [["provider": "!"]],
        "market.quotes_price_check": [["price": "0"]],
        "market.quotes_source_check": [["source": "!"]],
        "market.trading_days_exchange_check": [["exchange": "!"]],
        "market.trading_days_hours_check": [["closes_at": "2026-01-05T14:30:00Z"]],
        "market.trading_days_source_check": [["source": "!"]],
    ]
}
