import ExactTypes
import Foundation

/// The sessions of an exchange: every weekday but its holidays, from its usual opening to its usual close, or to an
/// earlier one.
struct ExchangeCalendar: Sendable {
    struct Session: Sendable, Hashable {
        /// The exchange's own day.
        let day: CalendarDay
        let opensAt: Date
        let closesAt: Date
    }

    /// ISO 10383, as `market.instruments.calendar` and `market.trading_days.exchange` have it.
    let mic: String
    private let zone: IANATimeZone
    /// Minutes after midnight by the exchange's clock.
    private let opens: Int
    private let closes: Int
    private let holidays: Set<CalendarDay>
    private let earlyCloses: [CalendarDay: Int]

    /// The calendars that are known. A fault in the data is thrown, and names the exchange.
    static func all() throws -> [ExchangeCalendar] { try data.map(ExchangeCalendar.init) }

    private init(
        _ data: (
            mic: String, zone: String, opens: Int, closes: Int, holidays: String, earlyCloses: String
        )
    ) throws {
        mic = data.mic
        zone = try IANATimeZone(parsing: data.zone)
        opens = data.opens
        closes = data.closes
        holidays = Set(try Self.words(data.holidays).map { try CalendarDay(parsing: $0) })
        var earlyCloses: [CalendarDay: Int] = [:]
        for word in Self.words(data.earlyCloses) {
            let parts = word.split(separator: "@")
            guard let day = parts.first, let minutes = parts.dropFirst().first.flatMap({ Int($0) }) else {
                throw ParseError(reason: "\(data.mic) has an early close that is no day and time: \(word)")
            }
            earlyCloses[try CalendarDay(parsing: day)] = minutes
        }
        self.earlyCloses = earlyCloses
    }

    private static func words(_ text: String) -> [Substring] { text.split(whereSeparator: \.isWhitespace) }

    /// The sessions of a year, in order; none where the data does not reach.
    func sessions(in year: Int) throws -> [Session] {
        guard Self.years.contains(year), let first = CalendarDay(year: year, month: 1, day: 1),
            let last = CalendarDay(year: year, month: 12, day: 31)
        else { return [] }
        return try (0...first.days(until: last)).map { try first.advanced(by: $0) }.compactMap(session)
    }

    private func session(on day: CalendarDay) -> Session? {
        guard day.weekday != .saturday, day.weekday != .sunday, !holidays.contains(day) else { return nil }
        return Session(
            day: day, opensAt: zone.first(opens, of: day),
            closesAt: zone.last(earlyCloses[day] ?? closes, of: day))
    }
}
