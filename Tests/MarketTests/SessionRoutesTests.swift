import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import SharedTypes
import StrictJSON
import Testing

@testable import Market

@Suite struct SessionRoutesTests {
    private func days(_ answer: TestClient.Answer) -> [String?] {
        guard case .array(let items)? = answer.json["items"] else { return [] }
        return items.map { $0["day"]?.string }
    }

    @Test func theSessionsOfAnExchangePageByPage() async throws {
        try await withMarket { market in
            try await storeTradingDays(on: market.database, at: Date())
            let path = "/v1/exchanges/XNYS/sessions?from=2025-01-07&to=2025-01-13"
            let all = try await market.get(path)
            // The day of mourning of January 9 and the weekend are missing.
            #expect(days(all) == ["2025-01-07", "2025-01-08", "2025-01-10", "2025-01-13"], "\(all.text)")
            #expect(all.json["next"] == .null)
            #expect(
                all.json["items"]?[0]
                    == .object([
                        "day": .string("2025-01-07"), "opens_at": .string("2025-01-07T14:30:00.000000Z"),
                        "closes_at": .string("2025-01-07T21:00:00.000000Z"),
                    ]))
            let first = try await market.get(path + "&limit=3")
            let next = try #require(first.json["next"]?.string)
            let second = try await market.get(path + "&limit=3&after=\(next)")
            #expect(days(first) + days(second) == days(all))
            #expect(second.json["next"] == .null)

            // The last day of 2021 has a session in New York and a short one in London.
            for (exchange, closes) in [
                ("XNYS", "2021-12-31T21:00:00.000000Z"), ("XLON", "2021-12-31T12:30:00.000000Z"),
            ] {
                let day = try await market.get(
                    "/v1/exchanges/\(exchange)/sessions?from=2021-12-31&to=2021-12-31")
                #expect(day.json["items"]?[0]?["closes_at"]?.string == closes, "\(day.text)")
            }
            #expect(
                days(try await market.get("/v1/exchanges/XETR/sessions?from=2021-12-31&to=2021-12-31")) == [])
            #expect(try await market.get("/v1/exchanges/XPAR/sessions").status == 404)
            let backwards = try await market.get("/v1/exchanges/XNYS/sessions?from=2025-01-02&to=2025-01-01")
            #expect(backwards.status == 422 && backwards.json["field"] == .string("to"))
        }
    }

    /// The rule is asked at moments of its own; here the days come from the table.
    @Test func anInstrumentSaysWhatRunsByItsCalendar() async throws {
        try await withMarket { market in
            try await storeTradingDays(on: market.database, at: Date())
            let listed = try await market.register("MSFT", as: market.user)
            let at = try Date("2025-01-09T17:00:00Z", strategy: .iso8601)
            let state = try await findSession(
                of: listed, for: market.user, at: at, on: market.database.acting(as: market.user.uuid))
            #expect(state.calendar == "XNYS" && state.assumed == nil)
            #expect(state.running == nil)
            #expect(state.lastCompleted?.day.description == "2025-01-08")
            #expect(state.next?.opensAt == (try Date("2025-01-10T14:30:00Z", strategy: .iso8601)))

            let answer = try await market.get("/v1/instruments/\(listed)/session")
            #expect(answer.status == 200 && answer.json["calendar"] == .string("XNYS"), "\(answer.text)")
            #expect(answer.json["assumed"] == nil && answer.json["last_completed"] != nil)
            let instrument = try await market.get("/v1/instruments/\(listed)")
            #expect(instrument.json["assumed_sessions"] == nil)
        }
    }

    @Test func withoutACalendarItSaysWhatIsAssumed() async throws {
        try await withMarket { market in
            let own = try await market.register("HUT", source: "MANUAL", as: market.user)
            let instrument = try await market.get("/v1/instruments/\(own)")
            #expect(instrument.json["calendar"] == .null)
            #expect(instrument.json["assumed_sessions"] == .string("weekdays"))
            // A Saturday at noon.
            let at = try Date("2025-01-11T12:00:00Z", strategy: .iso8601)
            let state = try await findSession(
                of: own, for: market.user, at: at, on: market.database.acting(as: market.user.uuid))
            #expect(state.assumed == .weekdays && state.running == nil)
            #expect(state.lastCompleted?.day.description == "2025-01-10")
            #expect(state.next?.day.description == "2025-01-13")
            try await market.test.owner.script("UPDATE market.instruments SET class = 'crypto'")
            let coin = try await market.get("/v1/instruments/\(own)/session")
            #expect(coin.json["assumed"] == .string("every_day"), "\(coin.text)")
            #expect(coin.json["running"] != nil)
            let other = try await market.test.makeUser()
            let hidden = try await market.server.send(
                "GET", "/v1/instruments/\(own)/session", token: try await market.server.token(for: other))
            #expect(hidden.status == 404)
        }
    }
}
