import EventLog
import ExactTypes
import Foundation
import GroveTesting
import Testing
import VendorFakes

@testable import Market

/// `market-service backfill` as a process of its own.
@Suite struct BackfillCommandTests {
    private func run(
        _ feeds: FeedTest, _ server: FakeServer, _ arguments: [String], key: String? = "secret"
    ) throws -> ServiceProcess {
        var environment = [
            "DATABASE_URL": feeds.test.connectionString(role: "market_service"), "ECB_URL": server.url,
            "ALPACA_DATA_URL": server.url, "ALPACA_REQUESTS_PER_MINUTE": "60000",
        ]
        if let key {
            environment["ALPACA_API_KEY_ID"] = "key"
            environment["ALPACA_API_SECRET_KEY"] = key
        }
        return try ServiceProcess("market-service", ["backfill"] + arguments, environment: environment)
    }

    private let acme = [
        "--provider", "alpaca", "--symbol", "ACME", "--source", "ALPACA", "--currency", "USD",
    ]

    /// The process is killed while it waits for each page but the first: what it had stored stays, and the next one goes on.
    @Test func killedAtEachPageItStoresEveryBarOnce() async throws {
        let last = FeedSchedule.lastDay(at: Date())
        let vendor = try sessionBars(from: "2012-01-03", through: last)
        let command = acme + ["--from", "2012-01-03"]
        try await withVendor(AlpacaFake(bars: ["ACME": vendor.bars])) { server in
            var arrivals = server.arrivals.makeAsyncIterator()
            try await withFeeds { feeds in
                // How many pages there are, by a run that nothing disturbs.
                let whole = try run(feeds, server, command)
                #expect(await whole.exitCode() == 0, "\(whole.output)")
                #expect(whole.output.contains("\(vendor.bars.count) rows read; 0 days are missing."))
            }
            let pages = server.requests.count
            #expect(pages >= 5)
            for _ in 0..<pages { _ = await arrivals.next() }
            try await withFeeds { feeds in
                for page in 1..<pages {
                    server.plan([nil, .noAnswer])
                    let process = try run(feeds, server, command)
                    // The second request says that the first page is stored.
                    for _ in 0..<2 { _ = await arrivals.next() }
                    process.signal(SIGKILL)
                    #expect(await process.exitCode() == -SIGKILL)
                    #expect(
                        process.output.split(separator: "\n").count == 1, "page \(page): \(process.output)")
                }
                server.plan([])
                let rest = try run(feeds, server, command)
                #expect(await rest.exitCode() == 0, "\(rest.output)")
                let found = try await feeds.operation { context in
                    try await context.transaction.findListings(
                        source: "ALPACA", exchange: "", symbols: ["ACME"])
                }
                let instrument = try #require(found.first?.id)
                #expect(try await feeds.bars(of: instrument) == vendor.lines)
                // Each killed run stored one page and asked for the next; the last run had one page left.
                #expect(server.requests.count == pages + 2 * (pages - 1) + 1)
            }
        }
    }

    @Test func itsExitCodeSaysWhatWasWrong() async throws {
        let rates = try targetRates(from: "2024-01-02", through: "2024-07-09")
        try await withVendor(ECBFake(days: rates.days)) { server in
            try await withFeeds { feeds in
                func code(_ arguments: [String], key: String? = "secret") async throws -> Int32 {
                    let process = try run(feeds, server, arguments, key: key)
                    let code = await process.exitCode()
                    #expect(!process.output.contains("secret"))
                    return code
                }
                let ecb = ["--provider", "ECB"]
                // A new feed wants its first day, a listing its symbol, and each of them a provider that has it.
                let wrong: [(arguments: [String], code: Int32)] = [
                    (ecb, 66), (["--provider", "alpaca"], 64),
                    (["--provider", "NASDAQ", "--symbol", "A"], 66),
                    (["--provider", "alpaca", "--symbol", "B", "--from", "2024-01-02"], 66),
                ]
                for (arguments, expected) in wrong {
                    let found = try await code(arguments)
                    #expect(found == expected, "\(arguments)")
                }
                let off = try await code(acme + ["--from", "2024-01-02"], key: nil)
                #expect(off == 78)
                // What the provider answers; a short pause is waited for.
                let answers: [(faults: [Fault?], code: Int32)] = [
                    ([.html, .html, .html], 65), ([.status(500), .status(500), .status(500)], 69),
                    ([.status(429, retryAfter: 3_000)], 75), ([.status(403)], 77),
                    ([.status(429, retryAfter: 1), nil], 0),
                ]
                for (faults, expected) in answers {
                    server.plan(faults)
                    let found = try await code(ecb + ["--from", "2024-01-02"])
                    #expect(found == expected, "\(faults)")
                }
                #expect(try await feeds.rates() == rates.lines)
            }
        }
    }
}
