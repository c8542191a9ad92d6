import ExactTypes
import Foundation
import SharedTypes

/// Daily closes of coins from CoinGecko.
struct CoinGeckoProvider: MarketProvider {
    let name = "COINGECKO"
    /// So that an answer stays small; daily points are given for any range.
    let windowDays = 365
    let access: CoinGeckoAccess
    var client = VendorClient()

    func bars(_ request: FeedRequest) async throws(ProviderFailure) -> FeedPage<PriceBar> {
        guard let id = request.symbol.addingPercentEncoding(withAllowedCharacters: .alphanumerics) else {
            throw .refused("\(request.symbol) cannot be a coin's id")
        }
        // The close of a day is the price of the midnight at its end.
        let from = request.days.lowerBound.secondsSince1970 + Int(TimeInterval.days(1))
        let to = request.days.upperBound.secondsSince1970 + Int(TimeInterval.days(1))
        return try await client.get(
            "\(access.url)/coins/\(id)/market_chart/range"
                + "?vs_currency=\(request.currency.code.lowercased())&from=\(from)&to=\(to)&interval=daily",
            headers: [(access.plan.header, access.key.text)]
        ) { bytes throws(ParseError) in try CoinGeckoChart.page(in: bytes) }
    }
}

/// How this deployment asks CoinGecko.
struct CoinGeckoAccess: Sendable {
    /// The two kinds of keys, each with its own host.
    enum Plan: String, Sendable, CaseIterable {
        case demo, pro

        var header: String { self == .demo ? "x-cg-demo-api-key" : "x-cg-pro-api-key" }

        var url: String {
            self == .demo ? "https://api.coingecko.com/api/v3" : "https://pro-api.coingecko.com/api/v3"
        }
    }

    let url: String
    let plan: Plan
    let key: VendorKey
}

/// A key that no log can show.
struct VendorKey: Sendable, CustomStringConvertible, CustomReflectable {
    let text: String

    var description: String { "a key" }
    var customMirror: Mirror { Mirror(self, children: []) }
}
