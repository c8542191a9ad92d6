import GroveFactories

/// What the constraints of Loans refuse.
extension Violation {
    static let loans: [String: [Violation]] = [
        "loans.collateral_events_collateral_value_check": [["collateral_value": "-1"], ["ltv": nil]],
        "loans.collateral_events_cure_by_check": [["cure_by": nil]],
        "loans.collateral_events_episode_check": [["episode": "0"]],
        "loans.collateral_events_ltv_check": [["ltv": "0"]],
        "loans.collateral_events_open_key": [
            .beside(
                ["cured_at": nil],
                ["user_id": "<first.user_id>", "loan_id": "<first.loan_id>", "cured_at": nil])
        ],
        "loans.collateral_events_outstanding_check": [["outstanding": "0"]],
        "loans.collateral_events_sale_check": [
            ["sale_amount": "10"],
            ["sold_at": ten],
            ["level": "liquidate", "cure_by": nil, "sale_amount": "0"],
        ],
        "loans.loan_accruals_annual_rate_check": [["annual_rate": "-1"], ["annual_rate": "101"]],
        "loans.loan_accruals_interest_check": [["interest": "-1"]],
        "loans.loan_accruals_outstanding_check": [["outstanding": "-1"]],
        "loans.loan_applications_amount_check": [["amount": "0"]],
        "loans.loan_applications_currency_check": [["currency": "!"]],
        "loans.loan_applications_decided_at_check": [
            ["decided_at": nil, "decided_by": nil],
            ["submitted_at": eleven],
        ],
        "loans.loan_applications_decided_by_check": [
            ["decided_by": "<user_id>"],
            ["decided_by": ""],
            ["decided_by": String(repeating: "x", count: 201)],
        ],
        "loans.loan_applications_decision_check": [["decided_by": nil]],
        "loans.loan_applications_open_collateral_check": [
            ["open_collateral_id": "<collateral_portfolio_id>"],
            [
                "status": "draft", "submitted_at": nil, "decided_at": nil, "decided_by": nil,
                "open_collateral_id": "<nobody>",
            ],
        ],
        "loans.loan_applications_open_collateral_fkey": [
            [
                "status": "submitted", "decided_at": nil, "decided_by": nil,
                "collateral_portfolio_id": "<nobody>", "open_collateral_id": "<nobody>",
            ]
        ],
        "loans.loan_applications_purpose_check": [
            ["purpose": ""],
            ["purpose": String(repeating: "x", count: 501)],
        ],
        "loans.loan_applications_reason_check": [
            ["status": "declined"],
            ["reason": ""],
            ["reason": String(repeating: "x", count: 1001)],
        ],
        "loans.loan_applications_revision_check": [["revision": "0"]],
        "loans.loan_applications_submitted_at_check": [["submitted_at": nil]],
        "loans.loan_applications_term_months_check": [["term_months": "0"], ["term_months": "361"]],
        "loans.loan_instalments_amount_check": [
            [
                "principal": "0", "interest": "0", "principal_paid": "0", "interest_paid": "0",
                "paid_at": aMonthLater,
            ],
            ["principal": "-1"],
            ["interest": "-1"],
            ["fees": "-1"],
        ],
        "loans.loan_instalments_fees_paid_check": [["fees_paid": "1"], ["fees_paid": "-1"]],
        "loans.loan_instalments_interest_paid_check": [["interest_paid": "3"], ["interest_paid": "-1"]],
        "loans.loan_instalments_number_check": [["number": "0"], ["number": "361"]],
        "loans.loan_instalments_paid_at_check": [["interest_paid": "2"]],
        "loans.loan_instalments_principal_paid_check": [["principal_paid": "41"], ["principal_paid": "-1"]],
        "loans.loan_instalments_schedule_version_check": [["schedule_version": "0"]],
        "loans.loan_payments_amount_check": [["amount": "0", "principal": "0", "interest": "0"]],
        "loans.loan_payments_parts_check": [
            ["interest": "2"],
            ["principal": "-1", "interest": "42"],
            ["interest": "-1", "principal": "42"],
            ["fees": "-1", "principal": "41"],
        ],
        "loans.loan_payments_request_key_check": [
            ["request_key": ""],
            ["request_key": String(repeating: "x", count: 201)],
        ],
        "loans.loan_products_amount_check": [["minimum_amount": "5001"], ["minimum_amount": "0"]],
        "loans.loan_products_code_check": [["code": "!"]],
        "loans.loan_products_cure_days_check": [["cure_days": "-1"], ["cure_days": "31"]],
        "loans.loan_products_currency_check": [["currency": "!"]],
        "loans.loan_products_ltv_check": [
            ["call_ltv": "50"],
            ["call_ltv": "70"],
            ["max_ltv": "51"],
            ["max_ltv": "0"],
            ["liquidation_ltv": "100.0001"],
        ],
        "loans.loan_products_name_check": [["name": String(repeating: "x", count: 81)], ["name": " "]],
        "loans.loan_products_rate_check": [
            ["minimum_rate": "13"],
            ["minimum_rate": "-1"],
            ["maximum_rate": "101"],
        ],
        "loans.loan_products_revision_check": [["revision": "0"]],
        "loans.loan_products_target_ltv_check": [["target_ltv": "51"], ["target_ltv": "0"]],
        "loans.loan_products_term_check": [
            ["minimum_term_months": "37"],
            ["minimum_term_months": "0"],
            ["maximum_term_months": "361"],
        ],
        "loans.loans_accrued_interest_check": [["accrued_interest": "-1"]],
        "loans.loans_annual_rate_check": [["annual_rate": "-1"], ["annual_rate": "101"]],
        "loans.loans_closed_at_check": [
            ["closed_at": eleven],
            ["status": "written_off", "open_collateral_id": nil, "closed_at": nine],
        ],
        "loans.loans_currency_check": [["currency": "!"]],
        "loans.loans_disbursed_at_check": [["status": "approved", "outstanding": "0"]],
        "loans.loans_matures_on_check": [
            ["matures_on": "2026-01-05"],
            ["matures_on": nil],
            ["accrued_until": nil],
        ],
        "loans.loans_open_borrower_fkey": [["user_id": "<nobody>"]],
        "loans.loans_open_collateral_check": [
            ["open_collateral_id": nil],
            ["collateral_portfolio_id": "<nobody>"],
        ],
        "loans.loans_open_collateral_fkey": [
            ["collateral_portfolio_id": "<nobody>", "open_collateral_id": "<nobody>"]
        ],
        "loans.loans_outstanding_check": [["outstanding": "501"], ["outstanding": "-1"]],
        "loans.loans_outstanding_status_check": [
            ["status": "paid_off", "open_collateral_id": nil, "closed_at": eleven]
        ],
        "loans.loans_principal_check": [
            [
                "principal": "0", "outstanding": "0", "status": "paid_off", "open_collateral_id": nil,
                "closed_at": eleven,
            ]
        ],
        "loans.loans_revision_check": [["revision": "0"]],
        "loans.loans_schedule_version_check": [["schedule_version": "0"]],
        "loans.loans_term_months_check": [["term_months": "0"], ["term_months": "361"]],
        "loans.loans_user_fkey": [
            [
                "user_id": "<nobody>", "status": "paid_off", "outstanding": "0", "open_collateral_id": nil,
                "closed_at": eleven,
            ]
        ],
    ]
}
