import ContractKit
import DatabaseClient
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
    case exchangeNotFound
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
    /// The user has so many event streams open already.
    case tooManyStreams(limit: Int)
    /// Something rests on a private instrument, or stands in its currency.
    case instrumentInUse(Use)
    /// Two instruments with different currencies are not one.
    case currencyDiffers(Currency, Currency)
    /// No rate is known that stands for the day.
    case rateUnavailable(base: Currency, quote: Currency, day: CalendarDay)

    /// What keeps a private instrument as it is.
    enum Use: Equatable {
        case currencyStands
        case sharedIsHeld
        case listingIsOwned
        case transactions
    }

    /// What a violated constraint means, where a person can mean something by it.
    init?(_ error: DatabaseError) {
        switch (error.uniqueViolation, error.foreignKeyViolation) {
        case ("instruments_listing_key", _): self = .instrumentInUse(.listingIsOwned)
        case (_, let key?) where key.hasSuffix("_instrument_fkey"): self = .instrumentInUse(.transactions)
        default: return nil
        }
    }
}

extension MarketError: ProblemConvertible {
    var problem: Problem {
        switch self {
        case .faultyFile(let faults):
            return .rowsRefused(faults)
        case .instrumentNotFound:
            return .notFound("instrument")
        case .exchangeNotFound:
            return .notFound("exchange")
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
        case .tooManyStreams(let limit):
            var problem = Problem(
                .tooManyRequests, "too-many-streams", "Too many event streams",
                detail: "You have \(limit) event streams open. Close one first.")
            problem.set(.retryAfter, to: "5")
            return problem
        case .instrumentInUse(let use):
            return .conflict("instrument-in-use", use.detail)
        case .currencyDiffers(let own, let other):
            return .conflict("currency-differs", "The instrument is in \(own), and the other in \(other).")
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

extension MarketError.Use {
    fileprivate var detail: String {
        switch self {
        case .currencyStands:
            """
            A transaction that counts, or a price of your own, stands in the instrument's currency. Reverse the \
            transaction and delete the price first.
            """
        case .sharedIsHeld: "A transaction that counts is in the shared instrument itself."
        case .listingIsOwned: "Another instrument of yours has that listing."
        case .transactions:
            "Something rests on the instrument: a transaction was in it, also one that was reversed, or a rule names it."
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
