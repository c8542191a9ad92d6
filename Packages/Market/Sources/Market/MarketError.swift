import ContractKit
import ExactTypes
import Foundation
import HTTPTypes
import ServiceKit
import SharedTypes
import StrictJSON

/// What the market context refuses.
enum MarketError: Error, Equatable {
    /// The file has faults, and nothing of it was imported.
    case faultyFile([RowFault])
    case instrumentNotFound
    case feedNotFound
    /// The provider has a feed of this kind and instrument.
    case feedTaken
    /// The provider gives no such thing.
    case providerUnfit(String)
    /// Another reader has moved the feed meanwhile. No request meets this: it ends an attempt, and the next one begins
    /// where the feed stands.
    case feedMoved
    /// There is a shared instrument with this listing, which is nil where the caller may not see it.
    case listingTaken(Listing?)
    /// No rate is known that stands for the day.
    case rateUnavailable(base: Currency, quote: Currency, day: CalendarDay)
}

extension MarketError: ProblemConvertible {
    var problem: Problem {
        switch self {
        case .faultyFile(let faults):
            return .rowsRefused(faults)
        case .instrumentNotFound:
            return .notFound("instrument")
        case .feedNotFound:
            return .notFound("feed")
        case .feedTaken:
            return .conflict("feed-taken", "The provider has such a feed of this instrument already.")
        case .providerUnfit(let reason):
            return .invalid("provider", reason)
        case .feedMoved:
            return .conflict("feed-moved", "The feed is being read by another process.")
        case .listingTaken(let listing):
            let what = listing?.description ?? "with this source, exchange and symbol"
            return .conflict("listing-taken", "There is a shared instrument \(what) already.")
        case .rateUnavailable(let base, let quote, let day):
            return Problem(
                .notFound, "rate-unavailable", "No rate is known",
                detail: """
                    There is no rate from \(base) to \(quote) on \(day) or in the seven days before, neither direct \
                    nor inverse nor through USD or EUR.
                    """)
        }
    }
}

extension MarketError: CustomStringConvertible {
    /// What the command line shows: every fault on a line of its own.
    var description: String {
        guard case .faultyFile(let faults) = self else { return problem.detail ?? problem.title }
        return faults.map(\.description).joined(separator: "\n")
    }
}
