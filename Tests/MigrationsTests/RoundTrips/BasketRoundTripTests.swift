import DatabaseClient
import ExactTypes
import GroveFactories
import SharedTypes
import Testing

@testable import Portfolios

@Suite struct BasketRoundTripTests {
    private func basket(_ trip: RoundTrip) async throws -> BasketRow {
        try await trip.mine.createBasket(
            basketID: trip.id(), ownerID: trip.user, slug: "mine", name: "Mine", description: "",
            riskLevel: .moderate, category: "core", visibility: .private, status: .active, now: trip.now)
    }

    private func publish(
        _ basket: BasketRow, weights: [String], _ trip: RoundTrip
    ) async throws -> Int {
        var instruments: [Instrument.ID] = []
        for _ in weights {
            instruments.append(Instrument.ID(try await trip.factory.make("market.instruments").uuid()))
        }
        return try await trip.mine.publishBasketVersion(
            basketID: basket.id, instrumentIDs: instruments,
            weights: try weights.map { try FixedDecimal(parsing: $0) }, note: nil, now: trip.now)
    }

    @Test func aBasketIsPublishedAndInvestedIn() async throws {
        try await withRoundTrip("portfolios_service") { trip in
            let basket = try await basket(trip)
            let version = try await publish(basket, weights: ["33.3333", "66.6667"], trip)
            #expect(version == 1)
            let assets = try await trip.mine.listBasketAssets(basketID: basket.id, version: version)
            let weights = assets.map(\.weight.description)
            #expect(weights == ["66.6667", "33.3333"])
            let investment = try await trip.mine.insertBasketInvestment(
                userID: trip.user, basketInvestmentID: trip.id(),
                portfolioID: Portfolio.ID(try trip.portfolio.uuid()), basketID: basket.id,
                basketVersion: version, amount: FixedDecimal(25), currency: .usd, source: .manual,
                requestKey: "request1", now: trip.now)
            let completed = try await trip.mine.setBasketInvestmentStatus(
                status: .completed, completedAt: trip.now, failureReason: nil, now: trip.now,
                userID: trip.user, basketInvestmentID: investment.id)
            #expect(completed?.status == .completed)
            let found = try await trip.mine.findBasketInvestment(
                userID: trip.user, basketInvestmentID: investment.id)
            #expect(found == completed)
            // What somebody invested in stays.
            let error = await #expect(throws: DatabaseError.self) {
                try await trip.mine.deleteBasket(basketID: basket.id, userID: trip.user)
            }
            #expect(error?.foreignKeyViolation == "basket_investments_basket_fkey")
        }
    }

    @Test(arguments: [
        (["33.3333", "66.6666"], "basket_versions_total_weight_check"),
        (["50", "50.0001"], "basket_versions_total_weight_check"), ([], "basket_versions_total_weight_check"),
        (["0", "100"], "basket_assets_weight_check"),
    ])
    func weightsThatDoNotSumToAHundredAreRefused(_ weights: [String], _ constraint: String) async throws {
        try await withRoundTrip("portfolios_service") { trip in
            let basket = try await basket(trip)
            let error = await #expect(throws: DatabaseError.self) {
                try await publish(basket, weights: weights, trip)
            }
            #expect(error?.checkViolation == constraint)
            let version = try await trip.mine.findNewestBasketVersion(basketID: basket.id)
            #expect(version == nil)
        }
    }

    @Test func aPrivateBasketIsItsOwnersAlone() async throws {
        try await withRoundTrip("portfolios_service") { trip in
            let basket = try await basket(trip)
            let version = try await publish(basket, weights: ["100"], trip)
            let seen = try await trip.strangers.findBasket(basketID: basket.id, userID: trip.user)
            let contents = try await trip.strangers.listBasketAssets(
                basketID: basket.id, version: version)
            let versions = try await trip.strangers.listBasketVersions(
                basketID: basket.id, beforeVersion: 100, rowLimit: 10)
            #expect(seen == nil)
            #expect(contents.isEmpty && versions.isEmpty)
            let error = await #expect(throws: DatabaseError.self) {
                try await trip.strangers.publishBasketVersion(
                    basketID: basket.id, instrumentIDs: [], weights: [], note: nil, now: trip.now)
            }
            #expect(error?.sqlState == "42501")
            let deleted = try await trip.mine.deleteBasket(basketID: basket.id, userID: trip.user)
            #expect(deleted == 1)
        }
    }
}
