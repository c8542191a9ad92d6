import DatabaseClient
import ExactTypes
import SharedTypes

/// The rate between two currencies on a day, by the rule of ``ExchangeRateTable``; throws `.rateUnavailable`.
func findExchangeRate(
    from base: Currency, to quote: Currency, on day: CalendarDay, in executor: some QueryExecutor
) async throws -> ExchangeRateTable.Quote {
    let currencies = Set([base, quote] + ExchangeRateTable.intermediaries)
    // Before the calendar's second week there are fewer days to look back.
    let first = (try? day.advanced(by: -ExchangeRateTable.maximumAgeDays)) ?? .first
    let rows = try await executor.listExchangeRates(
        currencies: currencies.map(\.code), fromDay: first, toDay: day)
    let table = ExchangeRateTable(
        rows.map { .init(base: $0.base, quote: $0.quote, day: $0.day, rate: $0.rate) })
    guard let found = table.rate(from: base, to: quote, on: day) else {
        throw MarketError.rateUnavailable(base: base, quote: quote, day: day)
    }
    return found
}
