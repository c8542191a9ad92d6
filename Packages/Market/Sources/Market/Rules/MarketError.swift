import ExactTypes

/// What the market context refuses.
enum MarketError: Error, Equatable {
    /// A field or parameter is wrong; the reason goes on after its name.
    case invalid(field: String, reason: String)
    /// The file has faults, and nothing of it was imported.
    case faultyFile([ImportFault])
    case instrumentNotFound
    /// There is a shared instrument with this listing, which is nil where the caller may not see it.
    case listingTaken(Listing?)
    /// No rate is known that stands for the day.
    case rateUnavailable(base: Currency, quote: Currency, day: CalendarDay)
}
