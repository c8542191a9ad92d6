/// Portfolios and their books; baskets and what is invested in them.
extension Definition {
    static let portfolios: [String: Definition] = [
        "portfolios.portfolios": Definition(
            [
                "name": "Portfolio <n>", "kind": "brokerage", "base_currency": "USD",
                "cost_basis_method": "fifo", "tracks_cash": "true",
            ]),
        "portfolios.baskets": Definition(
            [
                "slug": "basket-<n>", "name": "World", "description": "All of it.",
                "risk_level": "moderate", "category": "core", "visibility": "curated", "status": "active",
            ],
            states: [
                "visibility=shared": ["owner_id": "<parent>"],
                "visibility=private": ["owner_id": "<parent>"],
            ]),
        "portfolios.basket_versions": Definition(["version": "<n>", "total_weight": "100"]),
        "portfolios.basket_assets": Definition(["weight": "100"]),
        "portfolios.basket_investments": Definition(
            [
                "amount": "25", "source": "manual", "request_key": "request<n>", "status": "planned",
            ],
            states: [
                "status=completed": ["completed_at": ten],
                "status=failed": ["failure_reason": "No price."],
            ]),
        "portfolios.transactions": Definition(
            [
                "type": "buy", "status": "completed", "quantity": "2", "unit_price": "10",
                "gross_amount": "20", "executed_at": nine, "external_source": "ghostfolio",
                "external_id": "external<n>", "instrument_id": "<parent>",
            ],
            states: [
                "type=deposit": ["instrument_id": nil, "quantity": nil, "unit_price": nil],
                "type=withdrawal": ["instrument_id": nil, "quantity": nil, "unit_price": nil],
                "type=split": [
                    "quantity": nil, "unit_price": nil, "gross_amount": "0", "split_from": "1",
                    "split_to": "2",
                ],
            ]),
        "portfolios.transaction_fees": Definition(["kind": "commission", "amount": "1"]),
        "portfolios.lot_selections": Definition(["quantity": "1"]),
        "portfolios.portfolio_holdings": Definition(
            [
                "quantity": "2", "cost_basis": "21", "basis_fees": "1", "average_cost": "10.5",
                "realized_gain": "0", "income": "0", "fees": "1",
            ]),
        "portfolios.postings": Definition(
            ["from_account": "cash", "to_account": "asset", "amount": "20", "currency": "USD"],
            states: [
                "from_account=asset": ["to_account": "cash"],
                "to_account=cash": ["from_account": "asset"],
            ]),
        "portfolios.lots": Definition(
            [
                "opened_at": nine, "quantity": "2", "remaining": "2", "cost": "21", "remaining_cost": "21",
                "fees": "1", "remaining_fees": "1",
            ]),
        "portfolios.lot_closures": Definition(
            [
                "lot_id": "<parent>", "closed_at": nine, "kind": "sale", "quantity": "1", "proceeds": "12",
                "sale_fees": "1", "cost": "10.5", "cost_fees": "0.5", "realized_gain": "1.5",
            ],
            states: [
                "kind=transfer": ["proceeds": "10.5", "sale_fees": "0", "realized_gain": "0"],
                "kind=return_of_capital": ["quantity": "0", "sale_fees": "0", "lot_id": nil],
                "kind=rounding": ["sale_fees": "0"],
            ]),
        "portfolios.cash_balances": Definition(["balance": "100"]),
        "portfolios.basket_subscriptions": Definition(
            [
                "drift_absolute": "5", "drift_relative": "20", "calendar": "quarterly",
                "minimum_order": "5", "cooldown_days": "7",
            ]),
        "portfolios.rebalance_runs": Definition(
            ["trigger": "drift", "status": "planned", "plan": "{}"],
            states: [
                "status=running": ["started_at": nine],
                "status=completed": ["started_at": nine, "ended_at": ten],
                "status=cancelled": ["ended_at": ten],
                "status=failed": ["ended_at": ten, "failure_reason": "No price."],
            ]),
        "portfolios.rebalance_orders": Definition(
            ["side": "sell", "amount": "5", "status": "planned"],
            states: [
                "status=completed": ["transaction_id": "<parent>"],
                "status=skipped": ["skip_reason": "no_price"],
                "skip_reason": ["status": "skipped"],
                "status=failed": ["failure_reason": "The market is closed."],
            ]),
        "portfolios.portfolio_snapshots": Definition(
            [
                "day": "<day>", "value": "122", "net_invested": "121", "cash": "100",
                "has_stale_prices": "false",
            ]),
    ]
}
