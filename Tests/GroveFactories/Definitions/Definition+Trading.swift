/// Strategies, their backtests, and orders.
extension Definition {
    static let trading: [String: Definition] = [
        "trading.strategies": Definition(
            [
                "name": "Cross <n>", "kind": "moving_average_cross", "definition": "{}", "version": "1",
                "status": "active",
            ]),
        "trading.backtests": Definition(
            [
                "strategy_version": "1", "definition": "{}", "from_day": "2020-01-01",
                "until_day": "2025-01-01", "initial_cash": "10000", "parameters": "{}",
                "data_hash": "\\x<hex>", "code_version": "335f5e9", "seed": "1", "status": "succeeded",
                "metrics": "{}", "started_at": nine, "finished_at": ten,
            ],
            states: [
                "status=queued": ["started_at": nil, "finished_at": nil, "metrics": nil],
                "status=running": ["finished_at": nil, "metrics": nil],
                "status=failed": ["metrics": nil, "error": "No bars."],
                "status=cancelled": ["metrics": nil],
            ]),
        "trading.backtest_trades": Definition(
            [
                "number": "<n>", "symbol": "ACME", "side": "buy", "reason": "signal", "quantity": "10",
                "price": "10", "commission": "1", "signalled_on": "2020-01-02", "filled_on": "2020-01-03",
            ]),
        "trading.equity_points": Definition(
            ["day": "<day>", "equity": "10000", "cash": "10000", "drawdown": "0"]),
        "trading.broker_accounts": Definition(
            [
                "venue": "alpaca", "mode": "paper", "name": "Paper <n>", "sealed_credentials": sealed,
                "follows_congress": "true", "notional_per_filing": "1000", "daily_cap": "5000",
                "symbol_cap": "2000",
            ]),
        "trading.trades": Definition(
            [
                "venue": "alpaca", "mode": "paper", "source": "congress", "source_hash": "\\x<hex>",
                "client_order_id": "client<n>", "alpaca_order_id": "alpaca<n>", "symbol": "ACME",
                "side": "buy", "quantity": "10", "order_type": "market", "time_in_force": "day",
                "status": "filled", "filled_quantity": "10", "average_price": "10", "commission": "0",
                "submitted_at": nine, "accepted_at": ten, "filled_at": eleven,
            ],
            states: [
                "source=manual": ["source_hash": nil],
                "source=strategy": ["source_hash": nil, "strategy_id": "<parent>"],
                "order_type=limit": ["limit_price": "10"],
                "order_type=stop": ["stop_price": "10"],
                "order_type=stop_limit": ["limit_price": "10", "stop_price": "10"],
                "status=pending": [
                    "submitted_at": nil, "accepted_at": nil, "filled_at": nil, "filled_quantity": "0",
                    "average_price": nil,
                ],
                "status=submitted": [
                    "accepted_at": nil, "filled_at": nil, "filled_quantity": "0", "average_price": nil,
                ],
                "status=accepted": ["filled_at": nil, "filled_quantity": "0", "average_price": nil],
                "status=partially_filled": ["filled_at": nil, "filled_quantity": "5"],
                "status=settled": ["settled_at": noon],
                "status=cancelled": [
                    "filled_at": nil, "filled_quantity": "0", "average_price": nil, "ended_at": noon,
                ],
                "status=rejected": [
                    "filled_at": nil, "filled_quantity": "0", "average_price": nil, "ended_at": noon,
                    "reason": "Not tradable.",
                ],
                "status=expired": [
                    "filled_at": nil, "filled_quantity": "0", "average_price": nil, "ended_at": noon,
                ],
                "status=failed": [
                    "filled_at": nil, "filled_quantity": "0", "average_price": nil, "ended_at": noon,
                    "reason": "The venue is down.",
                ],
            ]),
        "trading.executions": Definition(
            [
                "provider_id": "alpaca:<n>", "quantity": "10", "price": "10", "commission": "0",
                "executed_at": eleven,
            ]),
        "trading.positions": Definition(
            [
                "venue": "alpaca", "mode": "paper", "symbol": "ACME<n>", "side": "long", "quantity": "10",
                "average_price": "10", "realized_gain": "0",
            ]),
    ]
}
