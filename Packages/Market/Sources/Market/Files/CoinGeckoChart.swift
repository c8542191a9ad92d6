import ExactTypes
import Foundation
import StrictJSON

/// The answer of CoinGecko's `/coins/{id}/market_chart/range`: the price of a coin at each midnight in UTC.
enum CoinGeckoChart {
    /// The closes of days, as bars.
    ///
    /// The price at a midnight is the close of the day that ends there. A point at another time is the present one, and is
    /// left out. CoinGecko gives neither the day's other prices nor a volume in units, so open, high and low are the close,
    /// and the volume is 0.
    static func page(in bytes: [UInt8]) throws(ParseError) -> FeedPage<PriceBar> {
        let answer = try JSONValue(vendorAnswer: bytes)
        guard case .array(let points) = answer["prices"] else { throw ParseError(reason: "has no prices") }
        var page = FeedPage<PriceBar>(rows: [])
        for point in points {
            guard case .array(let pair) = point, pair.count == 2,
                case .number(let moment)? = pair.first, let milliseconds = Int(moment.description)
            else { throw ParseError(reason: "has a price without its time") }
            guard milliseconds.isMultiple(of: millisecondsOfDay),
                let days = Int32(exactly: milliseconds / millisecondsOfDay),
                let day = try? CalendarDay(daysSince1970: days).advanced(by: -1)
            else { continue }
            guard let close = try? (pair.last ?? .null).figure("price") else {
                page.refused += 1
                continue
            }
            page.rows.append(
                PriceBar(day: day, open: close, high: close, low: close, close: close, volume: .zero))
        }
        return page
    }

    private static let millisecondsOfDay = Int(TimeInterval.days(1)) * 1_000
}
