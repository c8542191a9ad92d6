import DatabaseClient
import GroveFactories
import GroveTesting
import Testing

/// What goes with a portfolio, and what keeps it in place.
@Suite struct PortfolioDeletionTests {
    /// Exactly the tables that lose rows.
    static let cascade: Set<String> = [
        "portfolios.portfolios", "portfolios.transactions", "portfolios.transaction_fees",
        "portfolios.postings", "portfolios.lots", "portfolios.lot_closures", "portfolios.lot_selections",
        "portfolios.portfolio_holdings", "portfolios.cash_balances", "portfolios.portfolio_snapshots",
        "portfolios.basket_investments", "portfolios.basket_subscriptions", "portfolios.rebalance_runs",
        "portfolios.rebalance_orders",
        "automation.auto_invest_rules", "automation.auto_invest_runs", "automation.round_up_rules",
        "automation.round_up_pools", "automation.round_up_entries",
        "experts.ai_tips", "experts.tip_scores", "experts.user_ai_interactions",
    ]

    private func delete(_ portfolio: MadeRow, _ test: TestDatabase) async throws {
        let result = try await test.owner.query(
            """
            DELETE FROM portfolios.portfolios
            WHERE user_id = '\(portfolio["user_id"] ?? "")' AND id = '\(portfolio["id"] ?? "")'
            """)
        #expect(try result.affectedRows == 1)
    }

    @Test func itTakesItsBooksAndRulesAndNothingElse() async throws {
        try await withTestDatabase { test in
            let factory = try await Factory(test.owner)
            let rows = try await factory.makeEveryTable(["loans.loans": ["status": "paid_off"]])
            let portfolio = try #require(rows["portfolios.portfolios"])
            // What the same user has elsewhere stays.
            let sibling = try await factory.make(
                "portfolios.portfolios", ["user_id": portfolio["user_id"]])
            _ = try await factory.make("portfolios.lots", under: [sibling])
            let others = try await factory.makeEveryTable()
            let other = try #require(others["users.users"]?["id"])
            let before = try await TableContents.read(test.owner)
            let othersBefore = try await TableContents.read(test.owner, where: "user_id", is: other)
            let siblingBefore = try await TableContents.read(
                test.owner, where: "portfolio_id", is: sibling["id"] ?? "")

            try await delete(portfolio, test)

            let after = try await TableContents.read(test.owner)
            #expect(after.changed(since: before) == Self.cascade)
            let othersAfter = try await TableContents.read(test.owner, where: "user_id", is: other)
            #expect(othersAfter == othersBefore)
            let siblingAfter = try await TableContents.read(
                test.owner, where: "portfolio_id", is: sibling["id"] ?? "")
            #expect(siblingAfter == siblingBefore)
            let left = try await TableContents.read(
                test.owner, where: "portfolio_id", is: portfolio["id"] ?? "")
            #expect(left.filled == [])
        }
    }

    @Test(arguments: ["approved", "active", "in_arrears"])
    func onePortfolioSecuresAnOpenLoanUntilItIsPaidOff(_ status: String) async throws {
        try await withTestDatabase { test in
            let factory = try await Factory(test.owner)
            let loan = try await factory.make("loans.loans", ["status": status])
            let payment = try await factory.make("loans.loan_payments", under: [loan])
            let portfolio = try loan.made("portfolios.portfolios")
            let error = await #expect(throws: DatabaseError.self) { try await delete(portfolio, test) }
            #expect(error?.foreignKeyViolation == "loans_open_collateral_fkey")

            try await test.owner.script(
                """
                UPDATE loans.loans SET status = 'paid_off', outstanding = 0, open_collateral_id = NULL,
                    disbursed_at = '\(loan["created_at"] ?? "")', matures_on = '2027-01-05',
                    accrued_until = '2026-01-05', closed_at = '2026-03-01'
                """)
            try await delete(portfolio, test)
            // What was lent and paid is still on record.
            let contents = try await TableContents.read(test.owner)
            #expect(contents.entries["loans.loans"]?.count == 1)
            #expect(contents.entries["loans.loan_payments"]?.count == 1)
            #expect(payment["loan_id"] == loan["id"])
        }
    }

    @Test func anUndecidedApplicationGoesWithItsCollateralAndADecidedOneStays() async throws {
        try await withTestDatabase { test in
            let factory = try await Factory(test.owner)
            let portfolio = try await factory.make("portfolios.portfolios")
            let statuses = ["draft", "submitted", "approved", "declined", "withdrawn", "expired"]
            for status in statuses {
                _ = try await factory.make(
                    "loans.loan_applications", ["status": status], under: [portfolio])
            }
            try await delete(portfolio, test)
            let left = try await test.owner.query(
                "SELECT status::text FROM loans.loan_applications a ORDER BY a.status"
            ).many { try $0.text(0) }
            #expect(left == Array(statuses.dropFirst(2)))
        }
    }
}
