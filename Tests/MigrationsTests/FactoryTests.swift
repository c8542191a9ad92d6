import DatabaseClient
import GroveFactories
import GroveTesting
import Testing

/// The factory makes a valid row of every table that there is, and what the row needs with it.
@Suite struct FactoryTests {
    @Test func oneCallMakesARowOfEveryTableTwice() async throws {
        try await withTestDatabase { test in
            let factory = try await Factory(test.owner)
            let tables = try await TableCatalog.read(test.owner).tables
            #expect(tables.count > 80)
            for table in tables.values.sorted(by: { $0.name < $1.name }) {
                let first = try await factory.make(table.name)
                let second = try await factory.make(table.name)
                #expect(first.values != second.values, "\(table.name)")
                #expect(Set(first.values.keys) == Set(table.columns.map(\.name)), "\(table.name)")
            }
        }
    }

    @Test func everyDefinitionIsOfATable() async throws {
        try await withTestDatabase { test in
            let tables = try await TableCatalog.read(test.owner).tables
            #expect(Factory.definedTables.subtracting(tables.keys) == [])
        }
    }

    @Test func aHoldingBringsItsPortfolioUserAndInstrument() async throws {
        try await withTestDatabase { test in
            let factory = try await Factory(test.owner)
            let holding = try await factory.make("portfolios.portfolio_holdings", ["quantity": "5"])
            let user = try holding.made("users.users")
            let portfolio = try holding.made("portfolios.portfolios")
            #expect(holding["quantity"] == "5.000000000000000000")
            #expect(holding["user_id"] == user["id"])
            #expect(portfolio["user_id"] == user["id"])
            #expect(holding["portfolio_id"] == portfolio["id"])
            let instrument = try holding.made("market.instruments")
            #expect(holding["instrument_id"] == instrument["id"])
        }
    }

    @Test func whatStandsAlreadyIsTakenAsItIs() async throws {
        try await withTestDatabase { test in
            let factory = try await Factory(test.owner)
            let portfolio = try await factory.make("portfolios.portfolios")
            let byRow = try await factory.make("loans.loans", under: [portfolio])
            let byName = try await factory.make(
                "portfolios.transactions", ["user_id": portfolio["user_id"], "portfolio_id": portfolio["id"]])
            // What is far away is found through what is near.
            let payment = try await factory.make("loans.loan_payments", under: [byRow])
            #expect(byRow["collateral_portfolio_id"] == portfolio["id"])
            #expect(byName["portfolio_id"] == portfolio["id"])
            #expect(payment["loan_id"] == byRow["id"])
            for (table, count) in [("users.users", 1), ("portfolios.portfolios", 1), ("loans.loans", 1)] {
                let rows = try await test.owner.query("SELECT count(*) FROM \(table)").one { try $0.int(0) }
                #expect(rows == count, "\(table)")
            }
        }
    }

    @Test func aStateBringsWhatBelongsToIt() async throws {
        try await withTestDatabase { test in
            let factory = try await Factory(test.owner)
            let loan = try await factory.make("loans.loans", ["status": "paid_off"])
            #expect(loan["outstanding"] == "0.000000000000000000")
            #expect(loan["open_collateral_id"] == nil)
            #expect(loan["closed_at"] != nil)
            // A test has the last word.
            let error = await #expect(throws: DatabaseError.self) {
                try await factory.make("loans.loans", ["status": "paid_off", "outstanding": "1"])
            }
            #expect(error?.checkViolation == "loans_outstanding_status_check")
        }
    }

    @Test func whatCannotBeMadeIsSaidInWords() async throws {
        try await withTestDatabase { test in
            let factory = try await Factory(test.owner)
            let unknown = await #expect(throws: FactoryError.self) { try await factory.make("loans.lones") }
            #expect(unknown?.description == "loans.lones: there is no such table")
            try await test.owner.script("CREATE TABLE loans.notes (id uuid PRIMARY KEY)")
            let later = try await Factory(test.owner)
            let undefined = await #expect(throws: FactoryError.self) { try await later.make("loans.notes") }
            #expect(undefined?.description == "loans.notes: it has no definition")
        }
    }
}
