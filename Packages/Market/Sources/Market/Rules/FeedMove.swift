import ExactTypes

/// How far a feed is read.
struct FeedPosition: Sendable, Hashable {
    /// The first day that is not in.
    var nextDay: CalendarDay
    /// The last day of the window whose pages are being read; nil between two windows.
    var windowEnd: CalendarDay?
    /// The provider's word for the next page of the window.
    var token: String?
}

/// What one transaction does to a feed: from where the reader believes it to stand, to where it then stands.
struct FeedMove: Sendable, Hashable {
    let from: FeedPosition
    let to: FeedPosition
    var rowsRead = 0
    var rowsRefused = 0

    /// The days that are passed; nil where only a page of a window is.
    var passed: ClosedRange<CalendarDay>? {
        guard from.nextDay < to.nextDay, let last = try? to.nextDay.advanced(by: -1) else { return nil }
        return from.nextDay...last
    }
}
