import Foundation

/// How many rows the sessions of a user may take.
enum SessionLimit {
    /// Sessions that have not ended.
    static let live = 50
    /// Ended sessions that are kept. An access token outlives its session by fifteen minutes, and is refused here
    /// because the ended session stands; within them 50 sessions and 120 new ones, two windows of log-ins, can end.
    static let endedKept = 200

    /// How many refreshes a session has from its beginning, and how many more an hour: each stays as a row until the
    /// session is forgotten. A client needs four an hour.
    static let refreshesAtOnce = 60
    static let refreshesAnHour = 12

    /// The seconds after which a session may be refreshed once more; nil where it may be at once.
    static func wait(afterRefreshes count: Int, since beginning: Date, at now: Date) -> TimeInterval? {
        let hours = Double(count + 1 - refreshesAtOnce) / Double(refreshesAnHour)
        let wait = beginning.addingTimeInterval(hours * 3_600).timeIntervalSince(now)
        return wait > 0 ? wait : nil
    }
}
