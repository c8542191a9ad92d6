import GroveFactories

/// What the constraints of Trading refuse.
extension Violation {
    static let trading: [String: [Violation]] = [
        "trading.backtest_trades_commission_check": [["commission": "-1"]],
        "trading.backtest_trades_filled_on_check": [["filled_on": "2020-01-02"]],
        "trading.backtest_trades_number_check": [["number": "0"]],
        "trading.backtest_trades_price_check": [["price": "0"]],
        "trading.backtest_trades_quantity_check": [["quantity": "0"]],
        "trading.backtest_trades_symbol_check": [
            ["symbol": ""],
            ["symbol": String(repeating: "x", count: 21)],
            ["symbol": " x"],
        ],
        "trading.backtests_code_version_check": [
            ["code_version": ""],
            ["code_version": String(repeating: "x", count: 101)],
        ],
        "trading.backtests_currency_check": [["currency": "!"]],
        "trading.backtests_data_hash_check": [["data_hash": "\\x00"]],
        "trading.backtests_definition_check": [["definition": "[]"]],
        "trading.backtests_error_check": [
            ["error": "none"],
            ["status": "failed", "metrics": nil, "error": ""],
            ["status": "failed", "metrics": nil, "error": String(repeating: "x", count: 4001)],
        ],
        "trading.backtests_finished_at_check": [
            ["finished_at": "2026-01-05T08:00:00Z"],
            ["finished_at": nil],
        ],
        "trading.backtests_initial_cash_check": [["initial_cash": "0"]],
        "trading.backtests_metrics_check": [["metrics": "[]"]],
        "trading.backtests_parameters_check": [
            ["parameters": "[]"],
            ["parameters": jsonObject(characters: 65537)],
        ],
        "trading.backtests_result_check": [["data_hash": nil]],
        "trading.backtests_started_at_check": [["started_at": nil]],
        "trading.backtests_strategy_version_check": [["strategy_version": "0"]],
        "trading.backtests_until_day_check": [["until_day": "2020-01-01"]],
        "trading.broker_accounts_currency_check": [["currency": "!"]],
        "trading.broker_accounts_daily_cap_check": [["daily_cap": "0"]],
        "trading.broker_accounts_kill_switch_check": [
            ["kill_switch_at": ten],
            ["kill_switch_at": ten, "kill_switch_reason": ""],
            ["kill_switch_at": ten, "kill_switch_reason": String(repeating: "x", count: 501)],
        ],
        "trading.broker_accounts_name_check": [["name": String(repeating: "x", count: 81)], ["name": " "]],
        "trading.broker_accounts_notional_per_filing_check": [["notional_per_filing": "0"]],
        "trading.broker_accounts_revision_check": [["revision": "0"]],
        "trading.broker_accounts_sealed_credentials_check": [
            ["sealed_credentials": "\\x00"],
            ["sealed_credentials": "\\x" + String(repeating: "00", count: 4097)],
        ],
        "trading.broker_accounts_symbol_cap_check": [["symbol_cap": "0"]],
        "trading.broker_accounts_venue_check": [["venue": "!"]],
        "trading.equity_points_drawdown_check": [["drawdown": "-1"]],
        "trading.executions_commission_check": [["commission": "-1"]],
        "trading.executions_price_check": [["price": "0"]],
        "trading.executions_provider_id_check": [
            ["provider_id": ""],
            ["provider_id": String(repeating: "x", count: 201)],
        ],
        "trading.executions_quantity_check": [["quantity": "0"]],
        "trading.positions_average_price_check": [["quantity": "0"], ["average_price": "-1"]],
        "trading.positions_currency_check": [["currency": "!"]],
        "trading.positions_quantity_check": [["quantity": "-1", "average_price": "0"]],
        "trading.positions_revision_check": [["revision": "0"]],
        "trading.positions_symbol_check": [
            ["symbol": ""],
            ["symbol": String(repeating: "x", count: 21)],
            ["symbol": " x"],
        ],
        "trading.positions_venue_check": [["venue": "!"]],
        "trading.strategies_definition_check": [
            ["definition": "[]"],
            ["definition": jsonObject(characters: 65537)],
        ],
        "trading.strategies_name_check": [["name": String(repeating: "x", count: 81)], ["name": " "]],
        "trading.strategies_revision_check": [["revision": "0"]],
        "trading.strategies_version_check": [["version": "0"]],
        "trading.trades_alpaca_order_id_check": [
            ["alpaca_order_id": ""],
            ["alpaca_order_id": String(repeating: "x", count: 129)],
        ],
        "trading.trades_average_price_check": [["average_price": nil], ["average_price": "0"]],
        "trading.trades_client_order_id_check": [
            ["client_order_id": ""],
            ["client_order_id": String(repeating: "x", count: 129)],
        ],
        "trading.trades_commission_check": [["commission": "-1"]],
        "trading.trades_currency_check": [["currency": "!"]],
        "trading.trades_ended_at_check": [["ended_at": noon]],
        "trading.trades_filled_at_check": [["filled_at": nil]],
        "trading.trades_filled_quantity_check": [
            ["status": "partially_filled", "filled_at": nil, "filled_quantity": "11"],
            [
                "status": "cancelled", "filled_at": nil, "filled_quantity": "-1", "average_price": nil,
                "ended_at": noon,
            ],
        ],
        "trading.trades_filled_status_check": [["filled_quantity": "9"]],
        "trading.trades_notional_check": [["quantity": nil, "notional": "0"]],
        "trading.trades_order_check": [
            ["submitted_at": "2026-01-05T08:00:00Z"],
            ["accepted_at": "2026-01-05T08:00:00Z"],
            ["filled_at": "2026-01-05T09:30:00Z"],
            ["status": "settled", "settled_at": ten],
            [
                "status": "expired", "filled_at": nil, "filled_quantity": "0", "average_price": nil,
                "ended_at": "2026-01-05T09:30:00Z",
            ],
        ],
        "trading.trades_prices_check": [
            ["limit_price": "10"],
            ["stop_price": "10"],
            ["order_type": "limit", "limit_price": "0"],
            ["order_type": "stop", "stop_price": "0"],
        ],
        "trading.trades_quantity_check": [
            [
                "quantity": "0", "filled_quantity": "0", "average_price": nil, "status": "submitted",
                "filled_at": nil,
            ]
        ],
        "trading.trades_reason_check": [
            ["status": "failed", "ended_at": noon, "filled_at": nil],
            ["reason": ""],
            ["reason": String(repeating: "x", count: 1001)],
        ],
        "trading.trades_revision_check": [["revision": "0"]],
        "trading.trades_settled_at_check": [["settled_at": noon]],
        "trading.trades_size_check": [["notional": "100"]],
        "trading.trades_source_hash_check": [["source_hash": nil], ["source_hash": "\\x00"]],
        "trading.trades_strategy_check": [["strategy_id": "<nobody>"]],
        "trading.trades_strategy_fkey": [
            ["source": "strategy", "source_hash": nil, "strategy_id": "<nobody>"]
        ],
        "trading.trades_submitted_at_check": [["client_order_id": nil]],
        "trading.trades_symbol_check": [
            ["symbol": ""],
            ["symbol": String(repeating: "x", count: 21)],
            ["symbol": " x"],
        ],
        "trading.trades_venue_check": [["venue": "!"]],
    ]
}
