/// Loans against a portfolio.
extension Definition {
    static let loans: [String: Definition] = [
        "loans.loan_products": Definition(
            [
                "code": "micro_<n>", "name": "Micro loan", "minimum_amount": "100",
                "maximum_amount": "5000", "minimum_rate": "4", "maximum_rate": "12",
                "minimum_term_months": "3", "maximum_term_months": "36", "day_count": "act_365f",
                "max_ltv": "40", "warn_ltv": "50", "call_ltv": "60", "liquidation_ltv": "70",
                "target_ltv": "40", "cure_days": "3", "status": "active",
            ]),
        "loans.loan_applications": Definition(
            [
                "amount": "500", "term_months": "12", "purpose": "A bicycle",
                "collateral_portfolio_id": "<portfolios.portfolios.id>", "status": "approved",
                "submitted_at": nine, "decided_at": ten, "decided_by": "operator",
            ],
            states: [
                "status=draft": [
                    "submitted_at": nil, "decided_at": nil, "decided_by": nil,
                    "open_collateral_id": "<collateral_portfolio_id>",
                ],
                "status=submitted": [
                    "decided_at": nil, "decided_by": nil, "open_collateral_id": "<collateral_portfolio_id>",
                ],
                "status=declined": ["reason": "The collateral moves too much."],
                "status=withdrawn": ["decided_at": nil, "decided_by": nil],
                "status=expired": ["decided_at": nil, "decided_by": nil],
            ]),
        "loans.loans": Definition(
            [
                "principal": "500", "annual_rate": "6", "term_months": "12", "day_count": "act_365f",
                "status": "active", "outstanding": "400", "accrued_interest": "1.2",
                "accrued_until": "2026-01-05", "schedule_version": "1",
                "collateral_portfolio_id": "<portfolios.portfolios.id>", "disbursed_at": ten,
                "matures_on": "2027-01-05", "open_collateral_id": "<collateral_portfolio_id>",
            ],
            states: [
                "status=approved": [
                    "outstanding": "0", "disbursed_at": nil, "matures_on": nil, "accrued_until": nil,
                ],
                "status=paid_off": ["outstanding": "0", "open_collateral_id": nil, "closed_at": eleven],
                "status=liquidated": ["open_collateral_id": nil, "closed_at": eleven],
                "status=written_off": ["open_collateral_id": nil, "closed_at": eleven],
                "status=cancelled": [
                    "outstanding": "0", "open_collateral_id": nil, "disbursed_at": nil, "matures_on": nil,
                    "accrued_until": nil, "closed_at": eleven,
                ],
            ]),
        "loans.loan_instalments": Definition(
            [
                "schedule_version": "1", "number": "<n>", "due_on": "<day>", "principal": "40",
                "interest": "2", "fees": "0", "principal_paid": "40", "interest_paid": "1",
                "fees_paid": "0",
            ]),
        "loans.loan_payments": Definition(
            [
                "source": "manual", "request_key": "payment<n>", "value_date": "2026-02-05", "amount": "41",
                "principal": "40", "interest": "1", "fees": "0",
            ]),
        "loans.loan_accruals": Definition(
            [
                "day": "<day>", "outstanding": "500", "annual_rate": "6", "interest": "0.08219178",
            ]),
        "loans.collateral_events": Definition(
            [
                "level": "call", "episode": "<n>", "ltv": "61", "outstanding": "500",
                "collateral_value": "819", "priced_at": nine, "cure_by": aMonthLater, "cured_at": noon,
            ],
            states: [
                "level=warn": ["cure_by": nil],
                "level=liquidate": ["cure_by": nil, "sale_amount": "10"],
            ]),
    ]
}
