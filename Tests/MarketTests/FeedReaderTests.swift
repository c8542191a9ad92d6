import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import SharedTypes
import StrictJSON
import Testing
import VendorFakes

@testable import Market

/// A vendor's bars and rates as they arrive, whatever the vendor does. What is stored is held against what the vendor has,
/// line by line.
@Suite struct FeedReaderTests {
    private static let last = "2024-07-09"

    /// Four and a half years of sessions: two windows, the first of two pages.
    private static func acme() throws -> (bars: [AlpacaFake.Bar], lines: [String]) {
        try sessionBars(from: "2018-03-01", through: try CalendarDay(parsing: last))
    }

    @Test func everyBarOfAllPagesAndWindowsIsStoredOnceAndAsTraded() async throws {
        let acme = try Self.acme()
        let halved = acme.bars.map {
            AlpacaFake.Bar($0.day, open: "1", high: "1", low: "1", close: "1", volume: $0.volume)
        }
        try await withVendor(AlpacaFake(bars: ["ACME": acme.bars], adjusted: ["ACME": halved])) { server in
            try await withFeeds { feeds in
                let instrument = try await feeds.instrument("ACME")
                let feed = try await feeds.feed("ALPACA", .bars, of: instrument, from: "2018-03-01")
                let reader = feeds.reader(try AlpacaProvider.of(server))
                try await reader.read(feed)
                #expect(try await feeds.bars(of: instrument) == acme.lines)
                #expect(try await feeds.gaps(of: feed) == [])
                // 1,826 days are five years: 1,259 sessions of the first window, 337 of the second.
                #expect(server.requests.count == 3)
                let row = try await feeds.row(feed)
                #expect(row.rowsRead == acme.bars.count)
                #expect("\(row.nextDay)" == "2024-07-10")
                #expect(row.windowEnd == nil && row.pageToken == nil && row.failures == 0)
                #expect(row.succeededAt == feeds.now)
                #expect(try row.attemptAt == Date(rfc3339: "2024-07-11T06:00:00Z"))
                try await reader.read(feed)
                #expect(server.requests.count == 3, "nothing is asked for that is in")
            }
        }
    }

    @Test func theNextNightBringsTheDaysThatAreNew() async throws {
        let all = try sessionBars(from: "2024-06-03", through: try CalendarDay(parsing: "2024-07-11"))
        try await withVendor(AlpacaFake(bars: ["ACME": all.bars])) { server in
            try await withFeeds { feeds in
                let instrument = try await feeds.instrument("ACME")
                let feed = try await feeds.feed("ALPACA", .bars, of: instrument, from: "2024-06-03")
                let reader = feeds.reader(try AlpacaProvider.of(server))
                try await reader.read(feed)
                #expect(try await feeds.bars(of: instrument) == all.lines.filter { $0 < "2024-07-10" })
                feeds.advance(by: .days(2))
                try await reader.read(feed)
                #expect(try await feeds.bars(of: instrument) == all.lines)
                #expect(server.requests.last?.query["start"] == "2024-07-10")
            }
        }
    }

    /// Each commit fails once, at every page: no page is lost and none is there twice.
    @Test func aReaderThatIsLostAtEveryPageLosesNothing() async throws {
        let acme = try Self.acme()
        try await withVendor(AlpacaFake(bars: ["ACME": acme.bars])) { server in
            try await withFeeds { feeds in
                let instrument = try await feeds.instrument("ACME")
                let feed = try await feeds.feed("ALPACA", .bars, of: instrument, from: "2018-03-01")
                try await feeds.failEverySecondCommit()
                var failed = 0
                while failed < 20 {
                    do {
                        try await feeds.reader(try AlpacaProvider.of(server)).read(feed)
                        break
                    } catch is DatabaseError {
                        failed += 1
                        let row = try await feeds.row(feed)
                        let stored = try await feeds.bars(of: instrument)
                        #expect(stored.count == row.rowsRead, "rows and place are one transaction")
                    }
                }
                #expect(failed == 3)
                #expect(try await feeds.bars(of: instrument) == acme.lines)
                #expect(try await feeds.gaps(of: feed) == [])
            }
        }
    }

    @Test(arguments: [Fault.repeatedRow, .reorderedRows])
    func rowsThatComeTwiceOrInAnyOrderMakeNoDifference(_ fault: Fault) async throws {
        let acme = try Self.acme()
        try await withVendor(AlpacaFake(bars: ["ACME": acme.bars])) { server in
            server.always(fault)
            try await withFeeds { feeds in
                let instrument = try await feeds.instrument("ACME")
                let feed = try await feeds.feed("ALPACA", .bars, of: instrument, from: "2018-03-01")
                try await feeds.reader(try AlpacaProvider.of(server)).read(feed)
                #expect(try await feeds.bars(of: instrument) == acme.lines)
                #expect(try await feeds.row(feed).rowsRead == acme.bars.count)
            }
        }
    }

    @Test func rowsThatContradictEachOtherAreNotStored() async throws {
        let acme = try Self.acme()
        try await withVendor(AlpacaFake(bars: ["ACME": acme.bars])) { server in
            server.always(.contradictingRow)
            try await withFeeds { feeds in
                let instrument = try await feeds.instrument("ACME")
                let feed = try await feeds.feed("ALPACA", .bars, of: instrument, from: "2018-03-01")
                await #expect(throws: ProviderFailure.self) {
                    try await feeds.reader(try AlpacaProvider.of(server)).read(feed)
                }
                #expect(try await feeds.bars(of: instrument) == [])
                server.always(nil)
                try await feeds.reader(try AlpacaProvider.of(server)).read(feed)
                #expect(try await feeds.bars(of: instrument) == acme.lines)
            }
        }
    }

    /// The calendar knows what should be there; a vendor that has it after all is asked again the next day.
    @Test func daysThatAreDroppedAreMissedAndThenFilled() async throws {
        let acme = try sessionBars(from: "2024-05-01", through: try CalendarDay(parsing: "2024-07-12"))
        let asked = acme.bars.filter { "\($0.day)" <= Self.last }
        let dropped = asked.enumerated().filter { $0.offset % 3 == 2 }.map(\.element.day)
        let lastDropped = try #require(dropped.last)
        try await withVendor(AlpacaFake(bars: ["ACME": acme.bars])) { server in
            server.plan([.droppedRows])
            try await withFeeds { feeds in
                let instrument = try await feeds.instrument("ACME")
                let feed = try await feeds.feed("ALPACA", .bars, of: instrument, from: "2024-05-01")
                let reader = feeds.reader(try AlpacaProvider.of(server))
                try await reader.read(feed)
                #expect(try await feeds.gaps(of: feed) == dropped.map { "\($0) 1" })
                #expect(try await feeds.bars(of: instrument).count == asked.count - dropped.count)
                // The new day, and then the missing ones: of these the vendor gives all but the last.
                feeds.advance(by: .days(1))
                server.plan([nil, .impossibleRow])
                try await reader.read(feed)
                #expect(try await feeds.gaps(of: feed) == ["\(lastDropped) 2"])
                feeds.advance(by: .days(1))
                try await reader.read(feed)
                let waiting = try await feeds.gaps(of: feed)
                #expect(waiting == ["\(lastDropped) 2"], "it is asked for after two days")
                feeds.advance(by: .days(1))
                try await reader.read(feed)
                #expect(try await feeds.gaps(of: feed) == [])
                #expect(try await feeds.bars(of: instrument) == acme.lines)
            }
        }
    }

    @Test func aBarThatCannotBeIsLeftOutAndMissed() async throws {
        let acme = try sessionBars(from: "2024-06-03", through: try CalendarDay(parsing: Self.last))
        try await withVendor(AlpacaFake(bars: ["ACME": acme.bars])) { server in
            server.plan([.impossibleRow])
            try await withFeeds { feeds in
                let instrument = try await feeds.instrument("ACME")
                let feed = try await feeds.feed("ALPACA", .bars, of: instrument, from: "2024-06-03")
                try await feeds.reader(try AlpacaProvider.of(server)).read(feed)
                #expect(try await feeds.bars(of: instrument) == acme.lines.dropLast())
                #expect(try await feeds.gaps(of: feed) == ["2024-07-09 1"])
                #expect(try await feeds.row(feed).rowsRefused == 1)
            }
        }
    }

    @Test func aTokenThatIsNotTakenBeginsTheWindowAnew() async throws {
        let acme = try Self.acme()
        try await withVendor(AlpacaFake(bars: ["ACME": acme.bars])) { server in
            server.plan([.wrongPageToken])
            try await withFeeds { feeds in
                let instrument = try await feeds.instrument("ACME")
                let feed = try await feeds.feed("ALPACA", .bars, of: instrument, from: "2018-03-01")
                try await feeds.reader(try AlpacaProvider.of(server)).read(feed)
                #expect(try await feeds.bars(of: instrument) == acme.lines)
                // The page, its token in vain, the window anew in two pages, and the second window.
                #expect(server.requests.count == 5)
            }
            server.always(.wrongPageToken)
            try await withFeeds { feeds in
                let instrument = try await feeds.instrument("ACME")
                let feed = try await feeds.feed("ALPACA", .bars, of: instrument, from: "2018-03-01")
                await #expect(throws: ProviderFailure.refused("it answers 400")) {
                    try await feeds.reader(try AlpacaProvider.of(server)).read(feed)
                }
            }
        }
    }

    /// Two readers of one feed: each page is stored by one of them.
    @Test func twoReadersAtOnceStoreEachBarOnce() async throws {
        let acme = try Self.acme()
        try await withVendor(AlpacaFake(bars: ["ACME": acme.bars])) { server in
            try await withFeeds { feeds in
                let instrument = try await feeds.instrument("ACME")
                let feed = try await feeds.feed("ALPACA", .bars, of: instrument, from: "2018-03-01")
                let reader = feeds.reader(try AlpacaProvider.of(server))
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<2 { group.addTask { try await reader.read(feed) } }
                    try await group.waitForAll()
                }
                #expect(try await feeds.bars(of: instrument) == acme.lines)
                #expect(try await feeds.row(feed).rowsRead == acme.bars.count)
            }
        }
    }

    @Test func aListingThatIsYoungerThanItsFeedMissesNothingBeforeItsFirstDay() async throws {
        let acme = try sessionBars(from: "2024-05-06", through: try CalendarDay(parsing: Self.last))
        try await withVendor(AlpacaFake(bars: ["ACME": acme.bars])) { server in
            try await withFeeds { feeds in
                let instrument = try await feeds.instrument("ACME")
                let feed = try await feeds.feed("ALPACA", .bars, of: instrument, from: "2020-01-02")
                try await feeds.reader(try AlpacaProvider.of(server)).read(feed)
                #expect(try await feeds.gaps(of: feed) == [])
                #expect(try await feeds.bars(of: instrument) == acme.lines)
            }
        }
    }
}
