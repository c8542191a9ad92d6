import DatabaseClient
import ExactTypes
import SharedTypes

/// Lists the sessions of an exchange by day, at most `limit`; throws `.exchangeNotFound`.
func listSessions(
    of exchange: String, from first: CalendarDay, to last: CalendarDay, limit: Int,
    on database: any QueryExecutor
) async throws -> [TradingDayRow] {
    // Both in one flight.
    async let isKnown = database.hasTradingDays(exchange: exchange)
    let rows = try await database.listTradingDays(
        exchange: exchange, fromDay: first, toDay: last, rowLimit: limit)
    guard try await isKnown else { throw MarketError.exchangeNotFound }
    return rows
}
