import GroveFactories

/// What the constraints of Automation refuse.
extension Violation {
    static let automation: [String: [Violation]] = [
        "automation.auto_invest_rules_amount_check": [["amount": "0"]],
        "automation.auto_invest_rules_anchor_day_check": [["anchor_day": "32"]],
        "automation.auto_invest_rules_currency_check": [["currency": "!"]],
        "automation.auto_invest_rules_ends_on_check": [
            ["ends_on": "2026-01-30", "next_nominal_date": nil, "status": "ended"]
        ],
        "automation.auto_invest_rules_instrument_fkey": [["basket_id": nil, "instrument_id": "<nobody>"]],
        "automation.auto_invest_rules_monthly_cap_check": [["monthly_cap": "49"]],
        "automation.auto_invest_rules_next_nominal_date_check": [
            ["next_nominal_date": nil],
            ["next_nominal_date": "2026-01-30"],
            ["next_nominal_date": "2027-02-01"],
        ],
        "automation.auto_invest_rules_revision_check": [["revision": "0"]],
        "automation.auto_invest_rules_target_check": [["basket_id": nil]],
        "automation.auto_invest_rules_time_zone_check": [["time_zone": "!"]],
        "automation.auto_invest_runs_amount_check": [["amount": "0"]],
        "automation.auto_invest_runs_currency_check": [["currency": "!"]],
        "automation.auto_invest_runs_executed_at_check": [["executed_at": nil]],
        "automation.auto_invest_runs_reason_check": [
            ["reason": "none"],
            ["status": "failed", "executed_at": nil, "basket_investment_id": nil, "reason": ""],
            [
                "status": "failed", "executed_at": nil, "basket_investment_id": nil,
                "reason": String(repeating: "x", count: 501),
            ],
        ],
        "automation.auto_invest_runs_result_check": [["basket_investment_id": nil]],
        "automation.auto_invest_runs_transaction_fkey": [
            ["basket_investment_id": nil, "transaction_id": "<nobody>"]
        ],
        "automation.purchases_amount_check": [["amount": "0"]],
        "automation.purchases_currency_check": [["currency": "!"]],
        "automation.purchases_external_id_check": [
            ["external_id": ""],
            ["external_id": String(repeating: "x", count: 201)],
        ],
        "automation.purchases_merchant_check": [
            ["merchant": ""],
            ["merchant": String(repeating: "x", count: 201)],
        ],
        "automation.purchases_posted_at_check": [["posted_at": nil]],
        "automation.purchases_refunded_at_check": [["refunded_at": ten]],
        "automation.round_up_entries_amount_check": [["amount": "-1"]],
        "automation.round_up_entries_pool_check": [["pool_id": nil]],
        "automation.round_up_entries_reversed_at_check": [["reversed_at": ten]],
        "automation.round_up_entries_rule_fkey": [
            ["rule_id": "<nobody>", "pool_id": nil, "status": "pending"]
        ],
        "automation.round_up_pools_completed_at_check": [["completed_at": nil], ["completed_at": nine]],
        "automation.round_up_pools_number_check": [["number": "0"]],
        "automation.round_up_pools_open_key": [
            .beside(
                ["status": "open"],
                [
                    "user_id": "<first.user_id>", "rule_id": "<first.rule_id>", "status": "open",
                    "requested_at": nil, "completed_at": nil, "basket_investment_id": nil,
                ])
        ],
        "automation.round_up_pools_reason_check": [
            ["reason": "none"],
            ["status": "failed", "completed_at": nil, "basket_investment_id": nil, "reason": ""],
            [
                "status": "failed", "completed_at": nil, "basket_investment_id": nil,
                "reason": String(repeating: "x", count: 501),
            ],
        ],
        "automation.round_up_pools_requested_at_check": [["requested_at": nil]],
        "automation.round_up_pools_result_check": [["basket_investment_id": nil]],
        "automation.round_up_pools_total_check": [
            ["total": "0"],
            [
                "status": "open", "requested_at": nil, "completed_at": nil, "basket_investment_id": nil,
                "total": "-1",
            ],
        ],
        "automation.round_up_pools_transaction_fkey": [
            ["basket_investment_id": nil, "transaction_id": "<nobody>"]
        ],
        "automation.round_up_rules_currency_check": [["currency": "!"]],
        "automation.round_up_rules_instrument_fkey": [["basket_id": nil, "instrument_id": "<nobody>"]],
        "automation.round_up_rules_monthly_cap_check": [["monthly_cap": "0"]],
        "automation.round_up_rules_multiplier_check": [["multiplier": "4"]],
        "automation.round_up_rules_revision_check": [["revision": "0"]],
        "automation.round_up_rules_target_check": [["basket_id": nil]],
        "automation.round_up_rules_threshold_check": [["threshold": "0"]],
        "automation.spending_sources_external_id_check": [
            ["external_id": ""],
            ["external_id": String(repeating: "x", count: 201)],
        ],
        "automation.spending_sources_name_check": [
            ["name": String(repeating: "x", count: 81)],
            ["name": " "],
        ],
        "automation.spending_sources_provider_check": [["provider": "!"]],
        "automation.spending_sources_revision_check": [["revision": "0"]],
        "automation.spending_sources_sealed_webhook_secret_check": [
            ["sealed_webhook_secret": "\\x00"],
            ["sealed_webhook_secret": "\\x" + String(repeating: "00", count: 1025)],
        ],
    ]
}
