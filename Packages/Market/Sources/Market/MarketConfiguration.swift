import ExactTypes
import Foundation
public import ServiceKit
import SharedTypes

/// Which providers this deployment asks, and how.
public struct MarketConfiguration: Sendable {
    /// Those that are asked, by name.
    let providers: [String: any MarketProvider]

    /// Every provider that there is, and what it gives.
    static let kinds: [String: Set<FeedContent>] = [
        "ALPACA": [.bars, .corporateActions], "COINGECKO": [.bars], "ECB": [.exchangeRates],
    ]

    /// No provider is asked.
    public init() { providers = [:] }

    init(_ providers: [any MarketProvider]) {
        self.providers = Dictionary(providers.map { ($0.name, $0) }) { $1 }
    }

    /// Reads the keys and addresses of the providers. One without its key is off, and so is the ECB by `ECB_URL=off`.
    public init(from settings: inout Settings) {
        self.init(
            [Self.ecb(from: &settings), Self.coinGecko(from: &settings), Self.alpaca(from: &settings)]
                .compactMap { $0 })
    }

    /// The providers that are not asked, in order.
    var namesOff: [String] { Self.kinds.keys.filter { providers[$0] == nil }.sorted() }

    private static func ecb(from settings: inout Settings) -> (any MarketProvider)? {
        guard settings.optionalString("ECB_URL") != "off" else { return nil }
        return ECBProvider(url: address("ECB_URL", default: ECBProvider.publicURL, from: &settings))
    }

    private static func coinGecko(from settings: inout Settings) -> (any MarketProvider)? {
        let plan = settings.choice(
            "COINGECKO_PLAN", default: CoinGeckoAccess.Plan.demo,
            of: CoinGeckoAccess.Plan.allCases.map { ($0.rawValue, $0) })
        let url = address("COINGECKO_URL", default: plan.url, from: &settings)
        let pace = settings.integer("COINGECKO_REQUESTS_PER_MINUTE", default: 25, in: 1...60_000)
        guard let key = settings.optionalString("COINGECKO_API_KEY") else { return nil }
        return CoinGeckoProvider(
            access: CoinGeckoAccess(url: url, plan: plan, key: VendorKey(text: key)),
            client: VendorClient(pace: RequestPace(requestsPerMinute: pace)))
    }

    private static func alpaca(from settings: inout Settings) -> (any MarketProvider)? {
        let url = address("ALPACA_DATA_URL", default: AlpacaAccess.publicURL, from: &settings)
        let feed = settings.choice(
            "ALPACA_FEED", default: AlpacaAccess.Feed.sip,
            of: AlpacaAccess.Feed.allCases.map { ($0.rawValue, $0) })
        let pace = settings.integer("ALPACA_REQUESTS_PER_MINUTE", default: 180, in: 1...60_000)
        let keyID = settings.optionalString("ALPACA_API_KEY_ID")
        let secret = settings.optionalString("ALPACA_API_SECRET_KEY")
        guard let keyID, let secret else {
            if keyID != nil || secret != nil {
                settings.fault(
                    keyID == nil ? "ALPACA_API_KEY_ID" : "ALPACA_API_SECRET_KEY", "",
                    "the other half of the key as well")
            }
            return nil
        }
        do throws(ParseError) {
            return try AlpacaProvider(
                access: AlpacaAccess(
                    url: url, keyID: VendorKey(text: keyID), secret: VendorKey(text: secret), feed: feed),
                client: VendorClient(pace: RequestPace(requestsPerMinute: pace)))
        } catch {
            settings.fault("ALPACA_API_KEY_ID", keyID, "a machine that knows New York's time", isSecret: true)
            return nil
        }
    }

    /// An address without a slash at its end. A key goes over TLS, or stays on this machine.
    private static func address(
        _ key: String, default standard: String, from settings: inout Settings
    ) -> String {
        let text = settings.string(key, default: standard)
        let parts = URLComponents(string: text)
        let isLocal = ["127.0.0.1", "localhost", "::1"].contains(parts?.host ?? "")
        guard let parts, parts.host != nil, parts.query == nil, parts.user == nil,
            parts.scheme == "https" || (parts.scheme == "http" && isLocal)
        else {
            settings.fault(
                key, text, "an address that begins with https://, or with http:// on this machine",
                // Either may hold a key.
                isSecret: parts?.user != nil || parts?.query != nil)
            return standard
        }
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }
}
