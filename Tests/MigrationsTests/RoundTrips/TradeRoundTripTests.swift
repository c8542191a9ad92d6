import DatabaseClient
import ExactTypes
import Foundation
import GroveFactories
import SharedTypes
import Testing

@testable import Trading

@Suite struct TradeRoundTripTests {
    @Test func anOrderIsSubmittedAndFilledInTwoParts() async throws {
        try await withRoundTrip("trading_service") { trip in
            let trade = try await trip.mine.insertTrade(
                userID: trip.user, tradeID: trip.id(), strategyID: nil, venue: "alpaca", mode: .paper,
                source: .manual, sourceHash: nil, clientOrderID: nil, symbol: "ACME", side: .buy,
                quantity: FixedDecimal(10), notional: nil, orderType: .limit, timeInForce: .day,
                limitPrice: FixedDecimal(11), stopPrice: nil, currency: .usd, reason: nil, now: trip.now)
            #expect(trade.status == .pending)
            let submitted = try await trip.mine.submitTrade(
                clientOrderID: "client1", now: trip.now, userID: trip.user, tradeID: trade.id)
            #expect(submitted?.status == .submitted)
            func execute(_ provider: String) async throws -> ExecutionRow? {
                try await trip.mine.insertExecution(
                    userID: trip.user, executionID: trip.id(), tradeID: trade.id, providerID: provider,
                    quantity: FixedDecimal(5), price: FixedDecimal(10), commission: .zero,
                    executedAt: trip.now, now: trip.now)
            }
            let executions = [
                try await execute("alpaca:1"), try await execute("alpaca:2"), try await execute("alpaca:2"),
            ]
            #expect(executions.map { $0 != nil } == [true, true, false], "each fill counts once")
            let filled = try await trip.mine.updateTrade(
                status: .filled, alpacaOrderID: "a1", filledQuantity: FixedDecimal(10),
                averagePrice: FixedDecimal(10), commission: .zero, reason: nil, acceptedAt: trip.now,
                filledAt: trip.now, settledAt: nil, endedAt: nil, now: trip.now, userID: trip.user,
                tradeID: trade.id)
            #expect(filled?.status == .filled)
            let found = try await trip.mine.findTrade(userID: trip.user, tradeID: trade.id)
            #expect(found == filled)
            let listed = try await trip.mine.listExecutions(
                userID: trip.user, tradeID: trade.id,
                afterID: .lowest,
                rowLimit: 10)
            #expect(listed.count == 2)
            let strangers = try await trip.strangers.findTrade(userID: trip.user, tradeID: trade.id)
            #expect(strangers == nil)
        }
    }

    @Test func anOrderIsNotFilledBeyondItsQuantity() async throws {
        try await withRoundTrip("trading_service") { trip in
            let trade = try await trip.factory.make("trading.trades", under: [trip.portfolio])
            let error = await #expect(throws: DatabaseError.self) {
                try await trip.mine.updateTrade(
                    status: .partiallyFilled, alpacaOrderID: nil, filledQuantity: FixedDecimal(11),
                    averagePrice: FixedDecimal(10), commission: .zero, reason: nil, acceptedAt: nil,
                    filledAt: nil, settledAt: nil, endedAt: nil, now: trip.now, userID: trip.user,
                    tradeID: Trade.ID(try trade.uuid()))
            }
            #expect(error?.checkViolation == "trades_filled_quantity_check")
        }
    }
}
