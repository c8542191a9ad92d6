public import ExactTypes
public import Foundation

/// Sessions of one exchange, or those that are assumed where none is known, and where a moment lies among them.
///
/// A session begins with its opening and ends before its close: at the close it is completed. What is asked beyond the
/// sessions that are given is not known, and nil.
public struct TradingSessions: Sendable, Hashable {
    /// One session of an exchange.
    public struct Session: Sendable, Hashable {
        /// The exchange's own day; of an assumed session the day in UTC.
        public let day: CalendarDay
        public let opensAt: Date
        public let closesAt: Date

        public init(day: CalendarDay, opensAt: Date, closesAt: Date) {
            self.day = day
            self.opensAt = opensAt
            self.closesAt = closesAt
        }
    }

    /// What is assumed of an instrument whose exchange is not known: whole days in UTC.
    public enum Assumption: String, Sendable, Hashable, CaseIterable {
        /// Monday to Friday.
        case weekdays
        /// Coins are traded always.
        case everyDay = "every_day"

        fileprivate func includes(_ day: CalendarDay) -> Bool {
            self == .everyDay || (day.weekday != .saturday && day.weekday != .sunday)
        }
    }

    /// In the order of their openings.
    public let sessions: [Session]

    public init(_ sessions: [Session]) {
        self.sessions = sessions.sorted { $0.opensAt < $1.opensAt }
    }

    /// The assumed sessions from a day to a day, both included; throws `.overflow` beyond the calendar.
    public init(
        assuming assumption: Assumption, from first: CalendarDay, to last: CalendarDay
    ) throws(ArithmeticError) {
        var sessions: [Session] = []
        var day = first
        while day <= last {
            let next = try day.advanced(by: 1)
            if assumption.includes(day) {
                sessions.append(Session(day: day, opensAt: day.start, closesAt: next.start))
            }
            day = next
        }
        self.sessions = sessions
    }

    /// The session that runs at a moment.
    public func running(at moment: Date) -> Session? {
        sessions.last { $0.opensAt <= moment && moment < $0.closesAt }
    }

    /// The last session that was over at a moment: the one whose close a price of then is.
    public func lastCompleted(at moment: Date) -> Session? {
        sessions.last { $0.closesAt <= moment }
    }

    /// The first session that opens after a moment.
    public func next(after moment: Date) -> Session? {
        sessions.first { $0.opensAt > moment }
    }
}
