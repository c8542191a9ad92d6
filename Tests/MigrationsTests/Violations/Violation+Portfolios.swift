import GroveFactories

/// What the constraints of Portfolios refuse.
extension Violation {
    static let portfolios: [String: [Violation]] = [
        "portfolios.basket_assets_weight_check": [["weight": "0"], ["weight": "101"]],
        "portfolios.basket_investments_amount_check": [["amount": "0"]],
        "portfolios.basket_investments_completed_at_check": [["completed_at": ten]],
        "portfolios.basket_investments_currency_check": [["currency": "!"]],
        "portfolios.basket_investments_failure_reason_check": [
            ["failure_reason": "none"],
            ["status": "failed", "failure_reason": ""],
            ["status": "failed", "failure_reason": String(repeating: "x", count: 501)],
        ],
        "portfolios.basket_investments_request_key_check": [
            ["request_key": ""],
            ["request_key": String(repeating: "x", count: 201)],
        ],
        "portfolios.basket_investments_revision_check": [["revision": "0"]],
        "portfolios.basket_subscriptions_cooldown_days_check": [
            ["cooldown_days": "-1"],
            ["cooldown_days": "366"],
        ],
        "portfolios.basket_subscriptions_currency_check": [["currency": "!"]],
        "portfolios.basket_subscriptions_drift_absolute_check": [
            ["drift_absolute": "0"],
            ["drift_absolute": "101"],
        ],
        "portfolios.basket_subscriptions_drift_relative_check": [
            ["drift_relative": "0"],
            ["drift_relative": "101"],
        ],
        "portfolios.basket_subscriptions_minimum_order_check": [["minimum_order": "-1"]],
        "portfolios.basket_subscriptions_revision_check": [["revision": "0"]],
        "portfolios.basket_versions_note_check": [
            ["note": ""],
            ["note": String(repeating: "x", count: 1001)],
        ],
        "portfolios.basket_versions_total_weight_check": [["total_weight": "99.9999"]],
        "portfolios.basket_versions_version_check": [["version": "0"]],
        "portfolios.baskets_category_check": [["category": "!"]],
        "portfolios.baskets_description_check": [["description": String(repeating: "x", count: 2001)]],
        "portfolios.baskets_name_check": [["name": String(repeating: "x", count: 81)], ["name": " "]],
        "portfolios.baskets_owner_fkey": [["visibility": "shared", "owner_id": "<nobody>"]],
        "portfolios.baskets_owner_key": [
            .beside(
                ["visibility": "shared"],
                ["id": "<first.id>", "owner_id": "<first.owner_id>", "visibility": "shared"])
        ],
        "portfolios.baskets_public_slug_key": [
            ["slug": "<first.slug>", "owner_id": "<nobody>", "visibility": "shared"]
        ],
        "portfolios.baskets_revision_check": [["revision": "0"]],
        "portfolios.baskets_slug_check": [["slug": "!"], ["slug": String(repeating: "x", count: 81)]],
        "portfolios.baskets_visibility_check": [["visibility": "private"]],
        "portfolios.cash_balances_balance_check": [["balance": "-1"]],
        "portfolios.cash_balances_currency_check": [["currency": "!"]],
        "portfolios.lot_closures_cost_check": [["cost": "-1", "cost_fees": "0", "realized_gain": "13"]],
        "portfolios.lot_closures_cost_fees_check": [["cost_fees": "11"], ["cost_fees": "-1"]],
        "portfolios.lot_closures_lot_check": [
            ["lot_id": nil], ["kind": "return_of_capital", "quantity": "0", "sale_fees": "0"],
        ],
        "portfolios.lot_closures_quantity_check": [["quantity": "0"], ["quantity": "-1"]],
        "portfolios.lot_closures_realized_gain_check": [
            ["realized_gain": "1"],
            ["kind": "transfer", "sale_fees": "0"],
        ],
        "portfolios.lot_closures_sale_fees_check": [["sale_fees": "-1"], ["kind": "rounding"]],
        "portfolios.lot_selections_quantity_check": [["quantity": "0"]],
        "portfolios.lots_capital_returned_check": [["capital_returned": "-1"]],
        "portfolios.lots_cost_check": [
            ["cost": "-1", "remaining_cost": "0", "fees": "0", "remaining_fees": "0"]
        ],
        "portfolios.lots_currency_check": [["currency": "!"]],
        "portfolios.lots_fees_check": [["fees": "22"], ["fees": "-1"]],
        "portfolios.lots_quantity_check": [
            ["quantity": "0", "remaining": "0", "remaining_cost": "0", "remaining_fees": "0"]
        ],
        "portfolios.lots_remaining_check": [["remaining": "3"], ["remaining": "-1"]],
        "portfolios.lots_remaining_cost_check": [
            ["remaining_cost": "22"],
            ["remaining": "0"],
            ["remaining_cost": "-1"],
        ],
        "portfolios.lots_remaining_fees_check": [["remaining_fees": "2"], ["remaining_fees": "-1"]],
        "portfolios.lots_unit_basis_check": [["unit_basis": "-1"]],
        "portfolios.portfolio_holdings_average_cost_check": [["average_cost": "-1"]],
        "portfolios.portfolio_holdings_basis_fees_check": [["basis_fees": "22"], ["basis_fees": "-1"]],
        "portfolios.portfolio_holdings_capital_returned_check": [["capital_returned": "-1"]],
        "portfolios.portfolio_holdings_cost_basis_check": [["quantity": "0"]],
        "portfolios.portfolio_holdings_currency_check": [["currency": "!"]],
        "portfolios.portfolio_holdings_fees_check": [["fees": "-1"]],
        "portfolios.portfolio_holdings_income_check": [["income": "-1"]],
        "portfolios.portfolio_holdings_lot_restatements_check": [["lot_restatements": "-1"]],
        "portfolios.portfolio_holdings_repaid_quantity_check": [
            ["repaid_quantity": "3"], ["repaid_quantity": "-1"],
        ],
        "portfolios.portfolio_holdings_quantity_check": [
            ["quantity": "-1", "cost_basis": "0", "basis_fees": "0"]
        ],
        "portfolios.portfolio_snapshots_cash_check": [["cash": "-1"]],
        "portfolios.portfolio_snapshots_currency_check": [["currency": "!"]],
        "portfolios.portfolio_snapshots_value_check": [["value": "99"]],
        "portfolios.portfolios_archived_at_check": [["archived_at": "2026-01-05T08:00:00Z"]],
        "portfolios.portfolios_base_currency_check": [["base_currency": "!"]],
        "portfolios.portfolios_name_check": [["name": String(repeating: "x", count: 81)], ["name": " "]],
        "portfolios.portfolios_revision_check": [["revision": "0"]],
        "portfolios.postings_accounts_check": [["to_account": "cash"]],
        "portfolios.postings_amount_check": [["amount": "0"]],
        "portfolios.postings_commodity_check": [["currency": nil]],
        "portfolios.postings_currency_check": [["currency": "!"]],
        "portfolios.postings_holding_fkey": [["currency": nil, "instrument_id": "<nobody>"]],
        "portfolios.rebalance_orders_amount_check": [["amount": "0"]],
        "portfolios.rebalance_orders_currency_check": [["currency": "!"]],
        "portfolios.rebalance_orders_failure_reason_check": [
            ["failure_reason": "none"],
            ["status": "failed", "failure_reason": ""],
            ["status": "failed", "failure_reason": String(repeating: "x", count: 501)],
        ],
        "portfolios.rebalance_orders_skip_reason_check": [["skip_reason": "no_price"]],
        "portfolios.rebalance_orders_transaction_check": [["transaction_id": "<nobody>"]],
        "portfolios.rebalance_orders_transaction_fkey": [
            ["status": "completed", "transaction_id": "<nobody>"]
        ],
        "portfolios.rebalance_runs_ended_at_check": [
            ["status": "cancelled"],
            ["status": "cancelled", "started_at": ten, "ended_at": nine],
        ],
        "portfolios.rebalance_runs_failure_reason_check": [
            ["failure_reason": "none"],
            ["status": "failed", "ended_at": ten, "failure_reason": ""],
            ["status": "failed", "ended_at": ten, "failure_reason": String(repeating: "x", count: 501)],
        ],
        "portfolios.rebalance_runs_plan_check": [["plan": "[]"], ["plan": jsonObject(characters: 131073)]],
        "portfolios.rebalance_runs_resumes_check": [["resumes": "<id>"]],
        "portfolios.rebalance_runs_resumes_key": [
            .beside(
                ["status": "cancelled", "resumes": "<parent>"],
                [
                    "user_id": "<first.user_id>", "portfolio_id": "<first.portfolio_id>",
                    "resumes": "<first.resumes>", "status": "cancelled", "ended_at": ten,
                ])
        ],
        "portfolios.rebalance_runs_revision_check": [["revision": "0"]],
        "portfolios.rebalance_runs_started_at_check": [["status": "completed", "ended_at": ten]],
        "portfolios.transaction_fees_amount_check": [["amount": "-1"]],
        "portfolios.transaction_fees_currency_check": [["currency": "!"]],
        "portfolios.transactions_currency_check": [["currency": "!"]],
        "portfolios.transactions_executed_at_check": [["executed_at": "1800-01-01"]],
        "portfolios.transactions_external_check": [
            ["external_id": nil],
            ["external_source": ""],
            ["external_source": String(repeating: "x", count: 51)],
            ["external_id": ""],
            ["external_id": String(repeating: "x", count: 201)],
        ],
        "portfolios.transactions_fx_rate_check": [["fx_rate": "0"]],
        "portfolios.transactions_gross_amount_check": [["gross_amount": "-1"]],
        "portfolios.transactions_instrument_check": [["instrument_id": nil]],
        "portfolios.transactions_note_check": [["note": ""], ["note": String(repeating: "x", count: 501)]],
        "portfolios.transactions_quantity_check": [["quantity": "0"]],
        "portfolios.transactions_quantity_type_check": [["quantity": nil]],
        "portfolios.transactions_reverses_check": [["reverses": "<id>"]],
        "portfolios.transactions_reverses_key": [
            .beside(
                ["reverses": "<parent>"],
                [
                    "user_id": "<first.user_id>", "portfolio_id": "<first.portfolio_id>",
                    "reverses": "<first.reverses>",
                ])
        ],
        "portfolios.transactions_split_check": [
            ["split_from": "1", "split_to": "2"],
            ["type": "split", "quantity": nil, "unit_price": nil, "gross_amount": "0", "split_from": "1"],
            [
                "type": "split", "quantity": nil, "unit_price": nil, "gross_amount": "0", "split_from": "2",
                "split_to": "2",
            ],
            [
                "type": "split", "quantity": nil, "unit_price": nil, "gross_amount": "0", "split_from": "0",
                "split_to": "2",
            ],
            [
                "type": "split", "quantity": nil, "unit_price": nil, "gross_amount": "0", "split_from": "2",
                "split_to": "0",
            ],
        ],
        "portfolios.transactions_unit_price_check": [["unit_price": "-1"]],
        "portfolios.transactions_unit_price_type_check": [["unit_price": nil]],
    ]
}
