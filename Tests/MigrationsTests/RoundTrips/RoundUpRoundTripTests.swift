import DatabaseClient
import ExactTypes
import Foundation
import GroveFactories
import SharedTypes
import Testing

@testable import Automation

@Suite struct RoundUpRoundTripTests {
    /// A purchase of 4.30 leaves 0.70, which is pooled and invested.
    @Test func changeIsPooledAndInvestedOnce() async throws {
        try await withRoundTrip("automation_service") { trip in
            let source = try await trip.mine.insertSpendingSource(
                userID: trip.user, spendingSourceID: trip.id(), kind: .card, provider: "plaid",
                externalID: "account1", name: "Card", sealedWebhookSecret: Array(repeating: 1, count: 48),
                now: trip.now)
            let purchase = try #require(
                try await trip.mine.upsertPurchase(
                    userID: trip.user, purchaseID: trip.id(), sourceID: source.id, externalID: "x1",
                    amount: try FixedDecimal(parsing: "4.3"), currency: .usd, merchant: "Cafe",
                    status: .posted, purchasedAt: trip.now, postedAt: trip.now, refundedAt: nil,
                    now: trip.now))
            let investment = try await trip.factory.make(
                "portfolios.basket_investments", under: [trip.portfolio])
            let rule = try await trip.mine.insertRoundUpRule(
                userID: trip.user, roundUpRuleID: trip.id(),
                portfolioID: Portfolio.ID(try trip.portfolio.uuid()),
                basketID: Basket.ID(try investment.uuid("basket_id")), instrumentID: nil, currency: .usd,
                multiplier: 1, threshold: FixedDecimal(5), wholeDollar: .none, monthlyCap: nil, now: trip.now)
            let change = try FixedDecimal(parsing: "0.7")
            func roundUp() async throws -> RoundUpEntryRow? {
                try await trip.mine.insertRoundUpEntry(
                    userID: trip.user, ruleID: rule.id.uuid, purchaseID: purchase.id, amount: change,
                    status: .pending, poolID: nil, now: trip.now)
            }
            let first = try await roundUp()
            let second = try await roundUp()
            #expect(first?.amount == change)
            #expect(second == nil, "a purchase is rounded up once")

            let pool = try #require(
                try await trip.mine.openPool(
                    userID: trip.user, roundUpPoolID: trip.id(), ruleID: rule.id.uuid, now: trip.now))
            _ = try await trip.mine.addToPool(
                amount: change, now: trip.now, userID: trip.user, roundUpPoolID: pool.id)
            let pooled = try await trip.mine.poolEntry(
                poolID: pool.id, now: trip.now, userID: trip.user, ruleID: rule.id.uuid,
                purchaseID: purchase.id)
            _ = try await trip.mine.requestPool(now: trip.now, userID: trip.user, roundUpPoolID: pool.id)
            let completed = try await trip.mine.completePool(
                now: trip.now, basketInvestmentID: BasketInvestment.ID(try investment.uuid()),
                transactionID: nil, userID: trip.user, roundUpPoolID: pool.id)
            #expect(pooled == 1 && completed == 1)
            let found = try await trip.mine.findPool(userID: trip.user, roundUpPoolID: pool.id)
            #expect(found?.total == change)
            #expect(found?.status == .completed)
            let strangers = try await trip.strangers.findPool(userID: trip.user, roundUpPoolID: pool.id)
            #expect(strangers == nil)
        }
    }
}
