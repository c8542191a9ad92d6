import ExactTypes
import Foundation
import GroveTesting
import ServiceKit
import SharedTypes
import StrictJSON
import Testing

@testable import Market

@Suite struct InstrumentRoutesTests {
    private static func json(_ symbol: String, exchange: String = "xnas", name: String = "A name") -> String {
        """
        {"source": "yahoo", "exchange": "\(exchange)", "symbol": "\(symbol)", "name": "\(name)", "class": "equity",
         "currency": "USD"}
        """
    }

    @Test func anOperatorMakesAndChangesASharedInstrument() async throws {
        try await withMarket { market in
            let made = try await market.server.send(
                "POST", "/v1/instruments", token: market.operatorToken, json: Self.json("GOOG"))
            #expect(made.status == 201, "\(made.text)")
            let path = try #require(made.headers["location"])
            let found = try await market.get(path)
            #expect(found.text == made.text)
            #expect(found.json["source"] == .string("YAHOO"))
            #expect(found.json["exchange"] == .string("XNAS"))
            #expect(found.json["visibility"] == .string("shared"))
            #expect(found.json["calendar"] == .string("XNYS"))
            let tag = try #require(found.headers["etag"])

            let unchanged = try await market.server.send(
                "GET", path, token: market.userToken, headers: ["If-None-Match": tag])
            #expect(unchanged.status == 304)

            let changed = try await market.server.send(
                "PATCH", path, token: market.operatorToken, headers: ["If-Match": tag],
                json: #"{"name": "Alphabet", "active": false}"#)
            #expect(changed.status == 200, "\(changed.text)")
            #expect(changed.json["name"] == .string("Alphabet"))
            #expect(changed.json["active"] == .bool(false))
            #expect(changed.json["class"] == .string("equity"))
            #expect(changed.json["revision"] == .number(2))

            let stale = try await market.server.send(
                "PATCH", path, token: market.operatorToken, headers: ["If-Match": tag],
                json: #"{"name": "x"}"#)
            #expect(stale.status == 412)
            #expect(try await market.get(path).json["name"] == .string("Alphabet"))
        }
    }

    @Test func anOperatorSaysInWhoseSessionsItIsTraded() async throws {
        try await withMarket { market in
            let made = try await market.server.send(
                "POST", "/v1/instruments", token: market.operatorToken, json: Self.json("GOOG"))
            let path = try #require(made.headers["location"])
            var tag = try #require(made.headers["etag"])
            for (calendar, expected) in [
                ("XLON", JSONValue.string("XLON")), ("none", .null), ("XETR", .string("XETR")),
            ] {
                let changed = try await market.server.send(
                    "PATCH", path, token: market.operatorToken, headers: ["If-Match": tag],
                    json: #"{"calendar": "\#(calendar)"}"#)
                #expect(changed.json["calendar"] == expected, "\(changed.text)")
                tag = try #require(changed.headers["etag"])
            }
            let kept = try await market.server.send(
                "PATCH", path, token: market.operatorToken, headers: ["If-Match": tag],
                json: #"{"name": "Alphabet"}"#)
            #expect(kept.json["calendar"] == .string("XETR"))
            let unknown = try await market.server.send(
                "PATCH", path, token: market.operatorToken,
                headers: ["If-Match": try #require(kept.headers["etag"])], json: #"{"calendar": "XTKS"}"#)
            #expect(unknown.status == 422 && unknown.text.contains("calendar"), "\(unknown.text)")
        }
    }

    @Test func aListingIsSharedOnce() async throws {
        try await withMarket { market in
            let send = { (json: String) in
                try await market.server.send(
                    "POST", "/v1/instruments", token: market.operatorToken, json: json)
            }
            #expect(try await send(Self.json("GOOG")).status == 201)
            let again = try await send(Self.json("GOOG", exchange: "XNAS"))
            #expect(again.status == 409)
            #expect(again.json["type"] == .string("urn:grove:problem:listing-taken"))
            #expect(try await send(Self.json("GOOG", exchange: "")).status == 201)
            #expect(try await send(Self.json("goog")).status == 201)
        }
    }

    @Test(arguments: [
        (#"{"source": "yahoo"}"#, "symbol"), (json("A").replacing("USD", with: "XXQ"), "currency"),
        (json("A").replacing("equity", with: "stock"), "class"), (json("A", name: ""), "name"),
        (json("A", name: #"\u0000"#), "name"), (json("A", exchange: "N Y"), "exchange"),
        (json(" A"), "symbol"), (json("A").replacing("yahoo", with: "1st"), "source"),
        (json("A").replacing("{", with: #"{"id": "x", "#), "id"),
    ])
    func aFieldThatIsWrongIsNamed(json: String, field: String) async throws {
        try await withMarket { market in
            let answer = try await market.server.send(
                "POST", "/v1/instruments", token: market.operatorToken, json: json)
            #expect(answer.status == 422)
            #expect(answer.json["field"] == .string(field), "\(answer.text)")
        }
    }

    @Test func onlyOperatorsWrite() async throws {
        try await withMarket { market in
            let id = Instrument.ID.version7(at: Date())
            for (method, path) in [
                ("POST", "/v1/instruments"), ("PATCH", "/v1/instruments/\(id)"),
                ("POST", "/v1/instruments/\(id)/adopt"), ("GET", "/v1/adoption-candidates"),
            ] {
                let body = method == "GET" ? nil : Self.json("A")
                let nobody = try await market.server.send(method, path, json: body)
                #expect(nobody.status == 401)
                let reader = try await market.server.send(method, path, token: market.userToken, json: body)
                #expect(reader.status == 403)
            }
            let nobody = try await market.server.send("GET", "/v1/instruments")
            #expect(nobody.status == 401)
        }
    }

    @Test func theListGoesPageByPageAndIsFiltered() async throws {
        try await withMarket { market in
            for (symbol, exchange) in [("B", ""), ("A", ""), ("A", "X1"), ("A", "X2"), ("C", "")] {
                let name = symbol == "C" ? "Sea 100%_\\\\" : "Other"
                _ = try await market.server.send(
                    "POST", "/v1/instruments", token: market.operatorToken,
                    json: Self.json(symbol, exchange: exchange, name: name)
                )
            }
            var symbols: [String] = []
            var ids: Set<String> = []
            var after = ""
            for _ in 0..<10 {
                let page = try await market.get("/v1/instruments?limit=2\(after)")
                guard case .array(let rows)? = page.json["items"] else {
                    Issue.record("no list in \(page.text)")
                    return
                }
                symbols += rows.compactMap { $0["symbol"]?.string }
                ids.formUnion(rows.compactMap { $0["id"]?.string })
                guard let next = page.json["next"]?.string else { break }
                after = "&after=\(next)"
            }
            #expect(symbols == ["A", "A", "A", "B", "C"])
            #expect(ids.count == 5)

            let firstA = try await market.get("/v1/instruments?symbol=A&limit=2")
            let next = try #require(firstA.json["next"]?.string)
            let lastA = try await market.get("/v1/instruments?symbol=A&limit=2&after=\(next)")
            #expect(lastA.json["items"]?[0]?["symbol"] == .string("A"))
            #expect(lastA.json["items"]?[1] == nil)
            #expect(lastA.json["next"] == .null)

            let found = try await market.get("/v1/instruments?search=SEA+100%25_%5C")
            #expect(found.json["items"]?[0]?["symbol"] == .string("C"))
            #expect(found.json["items"]?[1] == nil)
            #expect(try await market.get("/v1/instruments?class=bond").json["items"] == .array([]))
        }
    }

    @Test(
        arguments: [
            ("/v1/instruments?class=stock", 422, "class"), ("/v1/instruments?limit=0", 422, "limit"),
            ("/v1/instruments?limit=201", 422, "limit"), ("/v1/instruments?after=zzz", 422, "after"),
            ("/v1/instruments?after=WyJhIiwiYiJd", 422, "after"), ("/v1/instruments?color=red", 422, "color"),
            ("/v1/instruments?symbol=", 422, "symbol"), ("/v1/instruments/nothing", 404, nil),
            ("/v1/instruments/0191f3c0-0000-7000-8000-000000000000", 404, nil),
            ("/v1/instruments/0191f3c0-0000-7000-8000-000000000000/bars", 404, nil),
        ] as [(String, Int, String?)])
    func aQueryThatIsWrongIsNamed(path: String, status: Int, field: String?) async throws {
        try await withMarket { market in
            let answer = try await market.get(path)
            #expect(answer.status == status, "\(answer.text)")
            #expect(answer.json["field"] == field.map(JSONValue.string))
        }
    }
}
