import Foundation
import GroveTesting
import ServiceKit
import SharedTypes
import StrictJSON
import Testing

@testable import Portfolios

@Suite struct ExportRoutesTests {
    @Test(arguments: ["ghostfolio", "csv"])
    func anExportIntoANewPortfolioGivesTheSameHoldings(format: String) async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            _ = try await server.importFile(path, try FixtureFile.ghostfolio())
            let export = try await server.send("GET", "\(path)/export?format=\(format)")
            #expect(export.status == 200, "\(export.text)")
            let copy = try await server.portfolio("Copy")
            let type = format == "csv" ? "text/csv" : "application/json"
            let imported = try await server.importFile(copy, export.text, type: type)
            #expect(imported.json["new"] == .number(22), "\(imported.text)")
            #expect(imported.json["registered_instruments"] == .array([]))
            #expect(try await server.holdings(copy) == ImportRoutesTests.holdings)
            // The portfolio that it came from knows its own rows.
            let back = try await server.importFile(path, export.text, type: type)
            #expect(back.json["new"] == .number(0) && back.json["known"] == .number(22))
        }
    }

    @Test func aCSVCarriesEveryTypeAndTheCash() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio(method: .average, tracksCash: true)
            _ = try await server.importFile(path, try FixtureFile.csv(), type: "text/csv")
            let export = try await server.send("GET", "\(path)/export?format=csv")
            let copy = try await server.portfolio("Copy", method: .average, tracksCash: true)
            let imported = try await server.importFile(copy, export.text, type: "text/csv")
            #expect(imported.json["new"] == .number(13), "\(imported.text)")
            #expect(try await server.holdings(copy) == (try await server.holdings(path)))
            let cash = try await server.list("\(path)/cash-balances")
            #expect(try await server.list("\(copy)/cash-balances") == cash)
            let again = try await server.send("GET", "\(copy)/export?format=csv")
            func withoutIDs(_ text: String) -> [String] {
                text.split(separator: "\r\n").map { String($0.drop { $0 != "," }) }
            }
            #expect(withoutIDs(again.text) == withoutIDs(export.text))
        }
    }

    @Test func whatGhostfolioDoesNotKnowIsRestatedOrTold() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio(tracksCash: true)
            _ = try await server.importFile(path, try FixtureFile.csv(), type: "text/csv")
            let export = try await server.send("GET", "\(path)/export?format=ghostfolio")
            #expect(export.status == 200, "\(export.text)")
            let omitted = export.json["meta"]?["omitted"]
            #expect(
                [0, 1, 2].map { omitted?[$0]?["type"]?.string } == [
                    "deposit", "return_of_capital", "withdrawal",
                ])
            let copy = try await server.portfolio("Copy")
            let imported = try await server.importFile(copy, export.text)
            #expect(imported.status == 200, "\(imported.text)")
            let (old, new) = (try await server.holdings(path), try await server.holdings(copy))
            #expect(new.mapValues { $0[0] } == old.mapValues { $0[0] })
            #expect(new["AAPL"] == old["AAPL"])
        }
    }

    @Test func whatAFormatCannotTellApartIsRefused() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            let file = """
                date,type,symbol,exchange,quantity,price,currency
                2021-01-04,buy,SAP,XETR,1,100,EUR
                2021-01-04,buy,SAP,XNYS,1,120,USD
                """
            let imported = try await server.importFile(path, file, type: "text/csv")
            #expect(imported.json["new"] == .number(2), "\(imported.text)")
            let answer = try await server.send("GET", "\(path)/export?format=ghostfolio")
            #expect(answer.status == 422 && answer.json["field"] == .string("format"))
            #expect(try await server.send("GET", "\(path)/export?format=csv").status == 200)
        }
    }

    @Test func aFormatIsAskedFor() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            #expect(try await server.send("GET", "\(path)/export").json["field"] == .string("format"))
            #expect(try await server.send("GET", "\(path)/export?format=xls").status == 422)
            #expect(try await server.send("GET", "\(path)/export?format=csv", as: server.eve).status == 404)
            let empty = try await server.send("GET", "\(path)/export?format=csv")
            #expect(empty.headers["content-type"] == "text/csv; charset=utf-8")
        }
    }
}
