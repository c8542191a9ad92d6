import ExactTypes
import Foundation
import SharedTypes

/// Daily bars and corporate actions of listings in the United States from Alpaca.
///
/// Bars are asked for as traded (`adjustment=raw`): a split is a corporate action of its own, and is never taken out of the
/// prices before it.
struct AlpacaProvider: MarketProvider {
    let name = "ALPACA"
    /// Five years of sessions are two pages.
    let windowDays = 1_826
    let access: AlpacaAccess
    let newYork: IANATimeZone
    var client = VendorClient()

    init(access: AlpacaAccess, client: VendorClient = VendorClient()) throws(ParseError) {
        self.access = access
        self.client = client
        newYork = try IANATimeZone(parsing: "America/New_York")
    }

    func bars(_ request: FeedRequest) async throws(ProviderFailure) -> FeedPage<PriceBar> {
        let zone = newYork
        return try await get(
            "/v2/stocks/bars", request,
            [
                ("timeframe", "1Day"), ("adjustment", "raw"), ("feed", access.feed.rawValue),
                ("currency", request.currency.code), ("sort", "asc"),
            ]
        ) { answer throws(ParseError) in try answer.bars(of: request.symbol, in: zone) }
    }

    func actions(_ request: FeedRequest) async throws(ProviderFailure) -> FeedPage<RecordedAction> {
        try await get("/v1/corporate-actions", request, [("sort", "asc")]) { answer throws(ParseError) in
            try answer.actions()
        }
    }

    private func get<Answer: Sendable>(
        _ path: String, _ request: FeedRequest, _ more: [(String, String)],
        read: (AlpacaAnswer) throws(ParseError) -> Answer
    ) async throws(ProviderFailure) -> Answer {
        var parameters = [
            ("symbols", request.symbol), ("start", "\(request.days.lowerBound)"),
            ("end", "\(request.days.upperBound)"), ("limit", "1000"),
        ]
        parameters += more
        if let token = request.token { parameters.append(("page_token", token)) }
        let query = parameters.map { "\($0)=\(Self.encoded($1))" }.joined(separator: "&")
        return try await client.get(
            "\(access.url)\(path)?\(query)",
            headers: [
                ("APCA-API-KEY-ID", access.keyID.text), ("APCA-API-SECRET-KEY", access.secret.text),
            ]
        ) { bytes throws(ParseError) in try read(try AlpacaAnswer(parsing: bytes)) }
    }

    /// Letters, digits and what RFC 3986 leaves as it is.
    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }

    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
}

/// How this deployment asks Alpaca.
struct AlpacaAccess: Sendable {
    /// Whose trades bars are made of: all exchanges, or IEX alone, which is what the free plan has of the last quarter of an
    /// hour.
    enum Feed: String, Sendable, CaseIterable {
        case sip, iex
    }

    let url: String
    let keyID: VendorKey
    let secret: VendorKey
    let feed: Feed

    static let publicURL = "https://data.alpaca.markets"
}
