import ExactTypes
import SharedTypes

/// The euro reference rates of the European Central Bank. They need no key.
struct ECBProvider: MarketProvider {
    let name = "ECB"
    /// One file has all of them, so one window does.
    let windowDays = 100_000
    /// The folder of the files, without a slash at its end.
    let url: String
    var client = VendorClient()

    static let publicURL = "https://www.ecb.europa.eu/stats/eurofxref"

    /// The smallest file that reaches back to the first day: that of the newest day, of 90 days, or all.
    func rates(_ request: FeedRequest) async throws(ProviderFailure) -> FeedPage<ExchangeRateTable.Entry> {
        let days = request.days.lowerBound.days(until: request.days.upperBound)
        var files = ArraySlice(["eurofxref-daily.xml", "eurofxref-hist-90d.xml", "eurofxref-hist.xml"])
        if days > 0 { files = files.dropFirst() }
        if days > 80 { files = files.dropFirst() }
        while let name = files.popFirst() {
            let file = try await client.get("\(url)/\(name)") { bytes throws(ParseError) in
                try ECBRateFile(parsing: bytes)
            }
            guard let first = file.firstDay else { throw .unreadable("has no day") }
            if first <= request.days.lowerBound || files.isEmpty {
                return FeedPage(rows: file.entries, refused: file.refused)
            }
        }
        throw .unreadable("has no day")
    }
}
