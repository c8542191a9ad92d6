import DatabaseClient
import Foundation
import SharedTypes

/// A valuation, with what its instruments are called.
struct PortfolioValuation: Sendable {
    let portfolio: PortfolioRow
    let valuation: Valuation
    let instruments: [Instrument.ID: FindInstrumentsRow]
}

/// Values a portfolio at the end of a day, in UTC. Throws `.notFound`, and `.overflow` where a total leaves ten
/// digits before the point.
///
/// - Parameters:
///   - currency: The portfolio's base currency where it is nil.
///   - transaction: One snapshot, so that the figures fit together.
func valuePortfolio(
    _ portfolioID: Portfolio.ID, of userID: User.ID, on day: CalendarDay, in currency: Currency?,
    using transaction: any QueryExecutor
) async throws -> PortfolioValuation {
    let portfolio = try await findPortfolio(portfolioID, of: userID, on: transaction)
    let currency = currency ?? portfolio.baseCurrency
    let history = try await PortfolioHistory.load(
        portfolio, before: DayRange(from: nil, to: day).end, on: transaction)
    let book = try history.book()
    let instruments = try await transaction.findInstruments(
        instrumentIDs: Array(book.books.keys), userID: userID)
    let held = book.books.values.filter { !$0.quantity.isZero }.map(\.instrumentID)
    let closes = try await transaction.findCloses(day: day, instrumentIDs: held, userID: userID)
    let rates = try await exchangeRates(
        for: history, closes.map(\.currency) + [currency], until: day, using: transaction)
    let prices = closes.map { close in
        (
            close.instrumentID,
            HoldingPrice.Close(amount: close.close, currency: close.currency, day: close.day)
        )
    }
    do throws(ArithmeticError) {
        let valuation = try Valuation(
            of: book, closes: Dictionary(uniqueKeysWithValues: prices), rates: rates, in: currency, on: day)
        return PortfolioValuation(
            portfolio: portfolio, valuation: valuation,
            instruments: Dictionary(uniqueKeysWithValues: instruments.map { ($0.id, $0) }))
    } catch {
        throw PortfoliosError.overflow
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
