import ExactTypes
import Foundation
import SharedTypes

/// Whoever gives prices, rates or corporate actions, asked page by page. What it says is not believed: the reader holds
/// every answer against what was asked for.
protocol MarketProvider: Sendable {
    /// As feeds, bars and rates name it.
    var name: String { get }
    /// How many days one window of requests spans at most.
    var windowDays: Int { get }

    func bars(_ request: FeedRequest) async throws(ProviderFailure) -> FeedPage<PriceBar>
    func rates(_ request: FeedRequest) async throws(ProviderFailure) -> FeedPage<ExchangeRateTable.Entry>
    func actions(_ request: FeedRequest) async throws(ProviderFailure) -> FeedPage<RecordedAction>
}

extension MarketProvider {
    func bars(_ request: FeedRequest) async throws(ProviderFailure) -> FeedPage<PriceBar> {
        throw .refused("\(name) gives no bars")
    }

    func rates(_ request: FeedRequest) async throws(ProviderFailure) -> FeedPage<ExchangeRateTable.Entry> {
        throw .refused("\(name) gives no rates")
    }

    func actions(_ request: FeedRequest) async throws(ProviderFailure) -> FeedPage<RecordedAction> {
        throw .refused("\(name) gives no corporate actions")
    }
}

/// What a provider is asked for.
struct FeedRequest: Sendable, Hashable {
    /// As the provider calls the instrument; empty for rates.
    let symbol: String
    /// In which prices are wanted; euros for rates.
    let currency: Currency
    let days: ClosedRange<CalendarDay>
    /// The provider's word for the page; nil for the first one.
    let token: String?
}

/// Why a provider gave nothing that can be used. No text names a key or an address.
enum ProviderFailure: Error, Hashable, CustomStringConvertible {
    /// It wants to be left alone for so many seconds (429, or 503 with Retry-After).
    case busy(seconds: TimeInterval)
    /// It was not reached, did not answer in time, or answered 5xx.
    case unavailable(String)
    /// Its answer is not what is documented.
    case unreadable(String)
    /// The key is missing or not taken (401, 403).
    case unauthorized(String)
    /// It will not answer this request, however often it is asked (other 4xx).
    case refused(String)

    var description: String {
        switch self {
        case .busy(let seconds):
            "The provider asks for a pause of \(Int(exactly: seconds.rounded(.up)) ?? 0) s."
        case .unavailable(let reason): "The provider is not available: \(reason)."
        case .unreadable(let reason): "The provider's answer \(reason)."
        case .unauthorized(let reason): "The provider refuses the key: \(reason)."
        case .refused(let reason): "The provider refuses the request: \(reason)."
        }
    }
}
