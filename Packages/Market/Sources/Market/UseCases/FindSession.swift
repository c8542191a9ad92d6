import DatabaseClient
import ExactTypes
import Foundation
import SharedTypes

/// Where a moment lies among the sessions of an instrument.
struct SessionState {
    let calendar: String?
    /// What is taken in place of a calendar; nil where there is one.
    let assumed: TradingSessions.Assumption?
    let running: TradingSessions.Session?
    let lastCompleted: TradingSessions.Session?
    let next: TradingSessions.Session?
}

/// So many days about a moment hold the sessions before and after it: no exchange was ever closed for longer than from
/// New York's September 10 to 17, 2001.
private let reachDays = 14

/// Finds which session of an instrument runs, which was the last and which is the next; throws `.instrumentNotFound`.
func findSession(
    of id: Instrument.ID, for userID: User.ID, at moment: Date, on database: any QueryExecutor
) async throws -> SessionState {
    let instrument = try await findInstrument(id, for: userID, on: database)
    let today = CalendarDay(utc: moment)
    let (first, last) = (try today.advanced(by: -reachDays), try today.advanced(by: reachDays))
    let sessions: TradingSessions
    var assumed: TradingSessions.Assumption?
    if let calendar = instrument.calendar {
        let days = try await database.listTradingDays(
            exchange: calendar, fromDay: first, toDay: last, rowLimit: 2 * reachDays + 1)
        sessions = TradingSessions(
            days.map { .init(day: $0.day, opensAt: $0.opensAt, closesAt: $0.closesAt) })
    } else {
        let assumption = TradingSessions.Assumption(for: instrument.class)
        sessions = try TradingSessions(assuming: assumption, from: first, to: last)
        assumed = assumption
    }
    return SessionState(
        calendar: instrument.calendar, assumed: assumed, running: sessions.running(at: moment),
        lastCompleted: sessions.lastCompleted(at: moment), next: sessions.next(after: moment))
}
