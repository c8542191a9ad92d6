import ContractKit
import ExactTypes
import Foundation
import GroveTesting
import MarketContract
import SharedTypes
import Testing

@testable import Market

/// The operations of feeds by the client, as an operator's tool uses them.
@Suite struct FeedClientTests {
    private typealias API = MarketAPI

    @Test func anOperatorMakesAFeedAndLooksAfterIt() async throws {
        try await withMarket { market in
            let clerk = market.operatorClient
            let day = try CalendarDay(parsing: "2024-01-02")
            let made = try await clerk.send(
                API.CreateFeed.self, body: .init(provider: "ECB", kind: .exchangeRates, firstDay: day),
                key: IdempotencyKey(UUID()))
            #expect(made.body.firstDay == day && made.body.instrument == nil)
            let id = made.body.id
            let changed = try await clerk.send(
                API.ChangeFeed.self, .init(feedID: id), .init(priority: 20), ifMatch: made.etag)
            #expect(changed.body.priority == 20 && changed.body.revision == 2)
            let found = try await clerk.send(API.FindFeed.self, .init(feedID: id))
            #expect(found.body == changed.body)
            let list = try await clerk.send(API.ListFeeds.self, .init())
            #expect(list.body.items == [found.body])
            let missing = try await clerk.send(API.ListMissingDays.self, .init(feedID: id))
            #expect(missing.body.items.isEmpty)
            let stale = try await clerk.send(API.ListStalePrices.self, .init())
            #expect(stale.body.items.isEmpty)
            let disagreements = try await clerk.send(API.ListPriceDisagreements.self, .init())
            #expect(disagreements.body.items.isEmpty)
        }
    }
}
