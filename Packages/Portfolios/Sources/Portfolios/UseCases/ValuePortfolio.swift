import DatabaseClient
import ExactTypes
import Foundation
import ServiceKit
import SharedTypes

/// A valuation, with what its instruments are called.
struct PortfolioValuation: Sendable {
    let portfolio: PortfolioRow
    let valuation: Valuation
    let instruments: [Instrument.ID: FindInstrumentsRow]
}

/// Values a portfolio at the end of a day, in UTC. Throws `.notFound`, and `.overflow` where a total leaves twenty
/// digits before the point.
///
/// - Parameter currency: The portfolio's base currency where it is nil.
func valuePortfolio(
    _ portfolioID: Portfolio.ID, of userID: User.ID, on day: CalendarDay, in currency: Currency?,
    using database: Database, turn: HeavyWork.Turn
) async throws -> PortfolioValuation {
    let steps = try await PortfolioHistory.steps(
        of: portfolioID, of: userID, on: database.acting(as: userID.uuid))
    return try await turn.run(isLong: steps > PortfolioHistory.shortSteps) {
        // One snapshot, so that the figures fit together.
        try await database.transaction(
            as: userID.uuid, isolation: .repeatableRead, readOnly: true
        ) { transaction in
            try await ValuationFacts.load(portfolioID, of: userID, on: day, in: currency, from: transaction)
        }
    } _: { facts, cancellation in
        try facts.valuation(checkCancellation: cancellation.check)
    }
}

/// What a valuation is made from.
private struct ValuationFacts: Sendable {
    let history: PortfolioHistory
    let day: CalendarDay
    let currency: Currency
    let instruments: [Instrument.ID: FindInstrumentsRow]
    let prices: [Instrument.ID: MarketPrices]
    let rates: ExchangeRateTable

    static func load(
        _ portfolioID: Portfolio.ID, of userID: User.ID, on day: CalendarDay, in currency: Currency?,
        from transaction: any QueryExecutor
    ) async throws -> ValuationFacts {
        let portfolio = try await findPortfolio(portfolioID, of: userID, on: transaction)
        let currency = currency ?? portfolio.baseCurrency
        let history = try await PortfolioHistory.load(
            portfolio, before: DayRange(from: nil, to: day).end, on: transaction)
        let ids = Array(history.instrumentIDs)
        let instruments = try await transaction.findInstruments(instrumentIDs: ids, userID: userID)
        let prices = try await marketPrices(of: ids, in: history, on: day, using: transaction)
        let rates = try await exchangeRates(
            for: history, prices.values.compactMap(\.close?.currency) + [currency], until: day,
            using: transaction)
        return ValuationFacts(
            history: history, day: day, currency: currency,
            instruments: Dictionary(uniqueKeysWithValues: instruments.map { ($0.id, $0) }),
            prices: prices, rates: rates)
    }

    func valuation(checkCancellation: () throws -> Void) throws -> PortfolioValuation {
        let book = try history.book(checkCancellation: checkCancellation)
        do {
            return PortfolioValuation(
                portfolio: history.portfolio,
                valuation: try Valuation(
                    of: book, prices: prices, rates: rates, in: currency, on: day,
                    checkCancellation: checkCancellation),
                instruments: instruments)
        } catch is ArithmeticError {
            throw PortfoliosError.outOfRange(field: "currency")
        }
    }
}

/// The rates between the currencies of a history and some others, for every day from the first transaction on.
private func exchangeRates(
    for history: PortfolioHistory, _ others: [Currency], until day: CalendarDay,
    using transaction: any QueryExecutor
) async throws -> ExchangeRateTable {
    let currencies = Set(history.entries.map(\.currency) + others)
    guard currencies.count > 1, let first = history.entries.first?.day else { return ExchangeRateTable([]) }
    // A rate stands for the days after it too, so those before the first transaction may be needed.
    let from = (try? min(first, day).advanced(by: -ExchangeRateTable.maximumAgeDays)) ?? .first
    let rates = try await transaction.listExchangeRates(
        currencies: Array(currencies.union(ExchangeRateTable.intermediaries)), fromDay: from, toDay: day)
    return ExchangeRateTable(
        rates.map { .init(base: $0.base, quote: $0.quote, day: $0.day, rate: $0.rate) })
}
