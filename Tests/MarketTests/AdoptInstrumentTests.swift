import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import ServiceKit
import SharedTypes
import StrictJSON
import Testing

@testable import Market

@Suite struct AdoptInstrumentTests {
    private static let body = #"{"name": "Alphabet", "class": "equity"}"#

    @Test func aPrivateInstrumentIsVisibleToItsOwnerOnly() async throws {
        try await withMarket { market in
            let mine = try await market.register("GOOG", as: market.user)
            #expect(try await market.get("/v1/instruments/\(mine)").json["visibility"] == .string("private"))
            #expect(
                try await market.get("/v1/instruments").json["items"]?[0]?["id"] == .string("\(mine)"))

            let strangers = [
                try await market.server.token(for: try await market.test.makeUser()), market.operatorToken,
            ]
            for token in strangers {
                let found = try await market.server.send("GET", "/v1/instruments/\(mine)", token: token)
                #expect(found.status == 404)
                for path in ["/v1/instruments", "/v1/instruments?symbol=GOOG"] {
                    let list = try await market.server.send("GET", path, token: token)
                    #expect(list.json["items"] == .array([]))
                }
            }
            let patched = try await market.server.send(
                "PATCH", "/v1/instruments/\(mine)", token: market.operatorToken, json: #"{"name": "x"}"#)
            #expect(patched.status == 404)
        }
    }

    /// The statements say whose rows they want; without those words the policy still hides a stranger's row.
    @Test func thePolicyHidesPrivateInstrumentsByItself() async throws {
        try await withMarket { market in
            _ = try await market.register("GOOG", as: market.user)
            let stranger = try await market.test.makeUser()
            let all = Statement(name: "test.all", sql: "SELECT id FROM market.instruments", access: .read)
            for executor: any QueryExecutor in [market.database, market.database.acting(as: stranger.uuid)] {
                #expect(try await executor.execute(all, Parameters()).rowCount == 0)
            }
            #expect(
                try await market.database.acting(as: market.user.uuid).execute(all, Parameters()).rowCount
                    == 1)
        }
    }

    @Test func anOperatorAdoptsWhatTheListOfCandidatesNames() async throws {
        try await withMarket { market in
            let mine = try await market.register("GOOG", as: market.user)
            _ = try await market.register("GOOG", as: try await market.test.makeUser())
            let candidates = try await market.server.send(
                "GET", "/v1/adoption-candidates", token: market.operatorToken)
            #expect(
                candidates.json["items"]
                    == .array([
                        .object([
                            "instrument_id": .string("\(mine)"), "source": .string("YAHOO"),
                            "exchange": .string(""),
                            "symbol": .string("GOOG"), "currency": .string("USD"), "owners": .number(2),
                        ])
                    ]))

            let adopted = try await market.server.send(
                "POST", "/v1/instruments/\(mine)/adopt", token: market.operatorToken, json: Self.body)
            #expect(adopted.status == 200, "\(adopted.text)")
            #expect(adopted.json["name"] == .string("Alphabet"))
            #expect(adopted.json["visibility"] == .string("shared"))
            #expect(adopted.json["revision"] == .number(2))

            let newcomer = try await market.test.makeUser()
            let token = try await market.server.token(for: newcomer)
            #expect(
                try await market.server.send("GET", "/v1/instruments/\(mine)", token: token).status == 200)
            #expect(try await market.register("GOOG", as: newcomer) == mine)
            let none = try await market.server.send(
                "GET", "/v1/adoption-candidates", token: market.operatorToken)
            #expect(none.json["items"] == .array([]))

            let again = try await market.server.send(
                "POST", "/v1/instruments/\(mine)/adopt", token: market.operatorToken, json: Self.body)
            #expect(again.status == 409)
        }
    }

    @Test func whereTheListingIsSharedNothingIsAdopted() async throws {
        try await withMarket { market in
            let mine = try await market.register("GOOG", as: market.user)
            _ = try await market.upload(
                "Date,Open,High,Low,Close,Volume\n2024-01-02,1,1,1,1,0\n",
                to: "/v1/bar-imports?symbol=GOOG&currency=USD&source=YAHOO")
            let refused = try await market.server.send(
                "POST", "/v1/instruments/\(mine)/adopt", token: market.operatorToken, json: Self.body)
            #expect(refused.status == 409)
            #expect(refused.json["type"] == .string("urn:grove:problem:listing-taken"))
            #expect(try await market.get("/v1/instruments/\(mine)").json["visibility"] == .string("private"))
        }
    }

    @Test func whatDoesNotExistIsNotAdopted() async throws {
        try await withMarket { market in
            let answer = try await market.server.send(
                "POST", "/v1/instruments/\(Instrument.ID.version7(at: Date()))/adopt",
                token: market.operatorToken,
                json: Self.body)
            #expect(answer.status == 404)
        }
    }

    @Test func anAdoptedInstrumentStaysWhenItsFirstOwnerGoes() async throws {
        try await withMarket { market in
            let mine = try await market.register("GOOG", as: market.user)
            _ = try await market.register("ELSE", as: market.user)
            _ = try await market.server.send(
                "POST", "/v1/instruments/\(mine)/adopt", token: market.operatorToken, json: Self.body)
            try await market.test.owner.script("DELETE FROM users.users WHERE id = '\(market.user)'")
            #expect(try await market.count("SELECT count(*) FROM market.instruments") == 1)
        }
    }
}
