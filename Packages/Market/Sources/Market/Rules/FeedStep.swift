import ExactTypes

/// What is to be asked of a provider next: a window of days, and the page of it.
struct FeedStep: Sendable, Hashable {
    /// From the first day that is not in to the end of the window.
    let days: ClosedRange<CalendarDay>
    /// The provider's word for the page; nil for the first one.
    let token: String?

    /// The step behind what is read; nil where everything up to the last day is in.
    /// - Parameters:
    ///   - nextDay: the first day that is not in.
    ///   - windowEnd: of the window whose pages are being read.
    ///   - windowDays: how many days a new window spans at most.
    init?(
        nextDay: CalendarDay, windowEnd: CalendarDay?, token: String?, through lastDay: CalendarDay,
        windowDays: Int
    ) {
        if let windowEnd, windowEnd >= nextDay {
            days = nextDay...windowEnd
            self.token = token
            return
        }
        guard nextDay <= lastDay else { return nil }
        let end = (try? nextDay.advanced(by: windowDays - 1)) ?? .last
        days = nextDay...min(lastDay, end)
        self.token = nil
    }
}
