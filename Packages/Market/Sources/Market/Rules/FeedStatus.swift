import ExactTypes

/// How a feed stands, for an operator.
enum FeedStatus: String, CaseIterable {
    case upToDate = "up_to_date"
    /// Days that are over are not read yet.
    case behind
    /// The last attempt failed.
    case failing
    /// This deployment does not ask its provider.
    case providerOff = "provider_off"
    case inactive

    init(isActive: Bool, isAsked: Bool, failures: Int, nextDay: CalendarDay, lastDay: CalendarDay) {
        self =
            if !isActive { .inactive } else if !isAsked { .providerOff } else if failures > 0 {
                .failing
            } else if nextDay <= lastDay { .behind } else { .upToDate }
    }
}

/// Why an instrument has no bar of the last days.
enum StaleReason: String, CaseIterable {
    /// No provider is asked for it.
    case noFeed = "no_feed"
    case providerOff = "provider_off"
    case failing
    case behind
    /// The feed is up to date, and the provider gave nothing.
    case notGiven = "not_given"

    /// - Parameter status: of the feed that should bring it; nil where there is none.
    init(_ status: FeedStatus?) {
        self =
            switch status {
            case nil, .inactive: .noFeed
            case .providerOff: .providerOff
            case .failing: .failing
            case .behind: .behind
            case .upToDate: .notGiven
            }
    }
}
