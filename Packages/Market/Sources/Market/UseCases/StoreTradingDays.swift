import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

/// Makes `market.trading_days` say what the calendars of this program say. Days of other exchanges stay as they are.
///
/// It is safe to repeat, and costs a count for each exchange where nothing has changed.
func storeTradingDays(on database: Database, at now: Date) async throws {
    for calendar in try ExchangeCalendar.all() {
        let sessions = try ExchangeCalendar.years.flatMap { try calendar.sessions(in: $0) }
        let stored = try await database.countTradingDays(
            exchange: calendar.mic, source: ExchangeCalendar.source)
        guard stored != sessions.count else { continue }
        try await database.transaction { transaction in
            // Of two processes that start at once the second waits here, and then finds nothing to change.
            try await transaction.lockTradingDays(exchange: calendar.mic)
            try await transaction.writeTradingDays(
                sessions.map {
                    NewTradingDay(day: $0.day, opensAt: $0.opensAt, closesAt: $0.closesAt)
                }, exchange: calendar.mic, source: ExchangeCalendar.source, now: now)
            _ = try await transaction.deleteOlderTradingDays(
                exchange: calendar.mic, source: ExchangeCalendar.source)
        }
    }
}
