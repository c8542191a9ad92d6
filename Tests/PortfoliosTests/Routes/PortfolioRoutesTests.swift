import Foundation
import GroveTesting
import ServiceKit
import SharedTypes
import StrictJSON
import Testing

@testable import Portfolios

@Suite struct PortfolioRoutesTests {
    @Test func aPortfolioIsCreatedReadAndListed() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio("Retirement", method: .average, tracksCash: true)
            let found = try await server.send("GET", path)
            #expect(found.status == 200)
            #expect(found.headers["etag"] == "\"1\"")
            #expect(found.json["name"] == .string("Retirement"))
            #expect(found.json["cost_basis_method"] == .string("average"))
            #expect(found.json["tracks_cash"] == .bool(true))
            #expect(try await server.list("/v1/portfolios").count == 1)
            let unchanged = try await server.send("GET", path, headers: ["If-None-Match": "\"1\""])
            #expect(unchanged.status == 304)
        }
    }

    @Test func aNameIsTakenOncePerPerson() async throws {
        try await withPortfolios { server in
            let mine = try await server.portfolio("Mine")
            let other = try await server.portfolio("Other")
            let body = #"{"name": "Mine", "kind": "paper", "base_currency": "EUR"}"#
            let again = try await server.send("POST", "/v1/portfolios", json: body)
            #expect(again.status == 409)
            #expect(try again.text("type") == "urn:grove:problem:name-taken")
            #expect(try await server.send("POST", "/v1/portfolios", as: server.eve, json: body).status == 201)
            let renamed = try await server.send("PATCH", other, json: #"{"name": "Mine"}"#)
            #expect(renamed.status == 409)
            #expect(
                try await server.send("PATCH", mine, json: #"{"name": "Mine"}"#).headers["etag"] == "\"1\"")
        }
    }

    @Test func aRenameHoldsToTheRevisionThatWasRead() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            let first = try await server.send(
                "PATCH", path, headers: ["If-Match": "\"1\""], json: #"{"name": "First"}"#)
            #expect(first.status == 200)
            #expect(first.headers["etag"] == "\"2\"")
            let stale = try await server.send(
                "PATCH", path, headers: ["If-Match": "\"1\""], json: #"{"name": "Second"}"#)
            #expect(stale.status == 412)
            #expect(try await server.send("GET", path).json["name"] == .string("First"))
        }
    }

    @Test func anArchivedPortfolioTakesNoPostingsAndIsReadable() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            let bought = try await server.trade(path, "buy", "2024-01-02", "1", at: "10")
            #expect(try await server.send("POST", "\(path)/archive").status == 200)
            #expect(try await server.send("POST", "\(path)/archive").headers["etag"] == "\"2\"")
            for answer in [
                try await server.trade(path, "buy", "2024-01-03", "1", at: "10"),
                try await server.send(
                    "POST", "\(path)/transactions/\(try bought.text("id"))/reversals", json: "{}"),
            ] {
                #expect(answer.status == 409)
                #expect(try answer.text("type") == "urn:grove:problem:portfolio-archived")
            }
            #expect(try await server.list("\(path)/holdings").count == 1)
            #expect(try await server.list("/v1/portfolios").isEmpty)
            #expect(try await server.list("/v1/portfolios?include_archived=true").count == 1)
            #expect(try await server.send("POST", "\(path)/unarchive").status == 200)
            #expect(try await server.trade(path, "buy", "2024-01-03", "1", at: "10").status == 201)
        }
    }

    @Test func theListIsReadPageByPage() async throws {
        try await withPortfolios { server in
            for number in 1...5 { _ = try await server.portfolio("P\(number)") }
            var names: [String] = []
            var next: String?
            repeat {
                let cursor = next.map { "&after=\($0)" } ?? ""
                let page = try await server.send("GET", "/v1/portfolios?limit=2\(cursor)")
                guard case .array(let items)? = page.json["items"] else { break }
                names += items.compactMap { $0["name"]?.string }
                next = page.json["next"]?.string
            } while next != nil
            #expect(names.sorted() == ["P1", "P2", "P3", "P4", "P5"])
            #expect(try await server.send("GET", "/v1/portfolios?after=nonsense").status == 422)
        }
    }

    @Test func aFieldAtFaultIsNamed() async throws {
        let cases = [
            (#"{"name": "", "kind": "paper", "base_currency": "USD"}"#, "name"),
            (#"{"name": "   ", "kind": "paper", "base_currency": "USD"}"#, "name"),
            (#"{"name": "a\u0000b", "kind": "paper", "base_currency": "USD"}"#, "name"),
            (#"{"name": "a", "kind": "piggy", "base_currency": "USD"}"#, "kind"),
            (#"{"name": "a", "kind": "paper", "base_currency": "XXQ"}"#, "base_currency"),
            (#"{"name": "a", "kind": "paper", "base_currency": "USD", "colour": "red"}"#, "colour"),
            (#"{"name": "a", "kind": "paper"}"#, "base_currency"),
        ]
        try await withPortfolios { server in
            for (body, field) in cases {
                let answer = try await server.send("POST", "/v1/portfolios", json: body)
                #expect(answer.status == 422, "\(body)")
                #expect(try answer.text("field") == field, "\(body)")
            }
            #expect(try await server.count("portfolios.portfolios") == 0)
        }
    }
}
