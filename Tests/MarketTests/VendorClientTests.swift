import ExactTypes
import Foundation
import Testing
import VendorFakes

@testable import Market

/// What the client makes of a vendor that misbehaves on the wire.
@Suite struct VendorClientTests {
    private static func days() throws -> [ECBFake.Day] {
        try targetRates(from: "2024-05-02", through: "2024-07-09").days
    }

    private static func ask(
        _ server: FakeServer, _ client: VendorClient = .quick
    ) async throws -> Int {
        let days = try CalendarDay(parsing: "2024-06-03")...CalendarDay(parsing: "2024-07-09")
        return try await ECBProvider.of(server, client).rates(
            FeedRequest(symbol: "", currency: .eur, days: days, token: nil)
        ).rows.count
    }

    @Test(
        arguments: [
            Fault.truncatedBody, .halfDocument, .html, .status(500), .status(502), .status(503),
            .closedConnection,
        ])
    func whatMayPassIsAskedForAgain(_ fault: Fault) async throws {
        let days = try Self.days()
        try await withVendor(ECBFake(days: days)) { server in
            server.plan([fault, fault, nil])
            let rows = try await Self.ask(server)
            #expect(rows == days.count * 3)
            #expect(server.requests.count == 3)
            server.always(fault)
            await #expect(throws: ProviderFailure.self) { try await Self.ask(server) }
            #expect(server.requests.count == 6, "and not without an end")
        }
    }

    /// The limit covers the whole answer, so a byte now and then does not prolong it.
    @Test(arguments: [Fault.noAnswer, .slowDrip(milliseconds: 20)])
    func aVendorThatDoesNotEndIsCutOff(_ fault: Fault) async throws {
        let days = try Self.days()
        try await withVendor(ECBFake(days: days)) { server in
            server.plan([fault, nil])
            let client = VendorClient(timeout: .seconds(4), pause: .milliseconds(1))
            let rows = try await Self.ask(server, client)
            #expect(rows == days.count * 3)
            #expect(server.requests.count == 2)
        }
    }

    @Test func anAnswerThatIsTooLongIsNotRead() async throws {
        try await withVendor(ECBFake(days: try Self.days())) { server in
            server.always(.padded(bytes: 100_000))
            let client = VendorClient(maximumBytes: 100_000, attempts: 1)
            await #expect(throws: ProviderFailure.unreadable("is longer than 100000 bytes")) {
                try await Self.ask(server, client)
            }
        }
    }

    @Test(
        arguments: [
            (Fault.status(429, retryAfter: 7), ProviderFailure.busy(seconds: 7)),
            (.status(429), .busy(seconds: 60)), (.status(503, retryAfter: 90), .busy(seconds: 90)),
            (.status(401), .unauthorized("it answers 401")), (.status(403), .unauthorized("it answers 403")),
            (.status(404), .refused("it answers 404")), (.status(302), .refused("it answers 302")),
        ])
    func whatDoesNotPassIsAskedForOnce(_ fault: Fault, _ failure: ProviderFailure) async throws {
        try await withVendor(ECBFake(days: try Self.days())) { server in
            server.always(fault)
            await #expect(throws: failure) { try await Self.ask(server) }
            #expect(server.requests.count == 1)
        }
    }

    @Test func aVendorThatIsNotThereIsNotAvailable() async throws {
        let server = try await FakeServer.start(ECBFake(days: []))
        await server.stop()
        await #expect {
            try await Self.ask(server)
        } throws: { error in
            guard case .unavailable? = error as? ProviderFailure else { return false }
            return !"\(error)".contains("127.0.0.1")
        }
    }

    @Test func keysAreSentAndNeverShown() async throws {
        let bars = try sessionBars(from: "2024-07-01", through: try CalendarDay(parsing: "2024-07-09")).bars
        let fake = AlpacaFake(bars: ["ACME": bars], keyID: "PKABC", secret: "hush")
        try await withVendor(fake) { server in
            func provider(_ secret: String) throws -> AlpacaProvider {
                try AlpacaProvider(
                    access: AlpacaAccess(
                        url: server.url, keyID: VendorKey(text: "PKABC"), secret: VendorKey(text: secret),
                        feed: .iex), client: .quick)
            }
            let request = FeedRequest(
                symbol: "ACME", currency: .usd,
                days: try CalendarDay(parsing: "2024-07-01")...CalendarDay(parsing: "2024-07-09"), token: nil)
            #expect(try await provider("hush").bars(request).rows.count == bars.count)
            #expect(server.requests.last?.query["adjustment"] == "raw")
            #expect(server.requests.last?.query["feed"] == "iex")
            let wrong = try provider("other")
            await #expect {
                _ = try await wrong.bars(request)
            } throws: { "\($0)".contains("401") && !"\($0)".contains("other") && !"\($0)".contains("PKABC") }
            var dumped = ""
            dump(wrong, to: &dumped)
            #expect(!dumped.contains("other") && !dumped.contains("PKABC"))
            #expect(!"\(wrong)".contains("other") && !String(reflecting: wrong).contains("PKABC"))
        }
    }
}
