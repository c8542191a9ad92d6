import ExactTypes
import Foundation

/// When a feed is read again.
enum FeedSchedule {
    /// The last day that is asked for: a day is over, and its figures are out, some hours after midnight in UTC. By then
    /// New York has closed, and a coin's midnight is published (35 minutes after it, as CoinGecko says).
    static func lastDay(at now: Date) -> CalendarDay {
        let day = CalendarDay(utc: now.addingTimeInterval(-settling))
        return (try? day.advanced(by: -1)) ?? day
    }

    /// Six hours into the next day: the first moment at which another day can be asked for.
    static func nextNight(after now: Date) -> Date {
        let day = CalendarDay(utc: now.addingTimeInterval(-settling))
        return day.start.addingTimeInterval(.days(1) + settling)
    }

    /// After so many failures in a row: a minute, doubling up to six hours, each made shorter by up to a half, so that
    /// feeds which failed together do not come together.
    /// - Parameter jitter: from 0.5 to 1.
    static func pause(afterFailures failures: Int, jitter: Double) -> TimeInterval {
        let doublings = Double(min(max(failures, 1), 10) - 1)
        return min(60 * pow(2, doublings), .days(0.25)) * jitter
    }

    /// How often a day that a provider does not give is asked for; after that it stays on the list.
    static let gapAttempts = 8

    /// A day, then two, four and so on.
    static func gapPause(afterAttempts attempts: Int) -> TimeInterval {
        .days(pow(2, Double(min(max(attempts, 1), gapAttempts) - 1)))
    }

    /// For so long a feed belongs to whoever reads it; each page that is stored begins this anew.
    static let lease: TimeInterval = 600

    private static let settling = TimeInterval.days(0.25)
}
