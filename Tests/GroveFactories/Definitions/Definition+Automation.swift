/// Rules that invest by themselves.
extension Definition {
    static let automation: [String: Definition] = [
        "automation.auto_invest_rules": Definition(
            [
                "amount": "50", "frequency": "monthly", "anchor_day": "5", "time_zone": "Europe/Zurich",
                "starts_on": "2026-01-31", "ends_on": "2027-01-31", "catch_up": "once",
                "monthly_cap": "100", "status": "active", "next_nominal_date": "2026-01-31",
                "basket_id": "<parent>",
            ],
            states: [
                "frequency=daily": ["anchor_day": nil],
                "status=ended": ["next_nominal_date": nil],
            ]),
        "automation.auto_invest_runs": Definition(
            [
                "nominal_date": "2026-01-31", "status": "completed", "amount": "50",
                "executed_at": aMonthLater, "basket_investment_id": "<parent>",
            ],
            states: [
                "status=requested": ["executed_at": nil, "basket_investment_id": nil],
                "status=failed": ["executed_at": nil, "basket_investment_id": nil, "reason": "No price."],
                "status=skipped": [
                    "executed_at": nil, "basket_investment_id": nil, "reason": "The cap is reached.",
                ],
            ]),
        "automation.spending_sources": Definition(
            [
                "kind": "card", "provider": "plaid", "external_id": "account<n>", "name": "Card",
                "sealed_webhook_secret": sealed, "status": "active",
            ]),
        "automation.purchases": Definition(
            [
                "external_id": "purchase<n>", "amount": "4.3", "merchant": "Cafe", "status": "posted",
                "purchased_at": nine, "posted_at": ten,
            ],
            states: [
                "status=pending": ["posted_at": nil],
                "status=refunded": ["refunded_at": eleven],
            ]),
        "automation.round_up_rules": Definition(
            [
                "multiplier": "1", "threshold": "5", "whole_dollar": "none", "monthly_cap": "50",
                "status": "active", "basket_id": "<parent>",
            ]),
        "automation.round_up_pools": Definition(
            [
                "number": "<n>", "total": "5.1", "status": "completed", "requested_at": ten,
                "completed_at": eleven, "basket_investment_id": "<parent>",
            ],
            states: [
                "status=open": ["requested_at": nil, "completed_at": nil, "basket_investment_id": nil],
                "status=requested": ["completed_at": nil, "basket_investment_id": nil],
                "status=failed": ["completed_at": nil, "basket_investment_id": nil, "reason": "No price."],
            ]),
        "automation.round_up_entries": Definition(
            ["amount": "0.7", "status": "pooled", "pool_id": "<parent>"],
            states: [
                "status=pending": ["pool_id": nil],
                "status=reversed": ["reversed_at": ten],
            ]),
    ]
}
