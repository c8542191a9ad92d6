public import ExactTypes
import Foundation
import StrictJSON

/// CoinGecko's history of a coin: `/api/v3/coins/{id}/market_chart/range`, daily.
public struct CoinGeckoFake: FakeVendor {
    /// A day's close, as the vendor prints it.
    public struct Close: Sendable, Hashable {
        public let day: CalendarDay
        public let text: String

        public init(_ day: CalendarDay, _ text: String) {
            self.day = day
            self.text = text
        }
    }

    private let coins: [String: [Close]]
    /// The key that a request must carry; nil takes requests without one, as the public plan does.
    private let key: String?

    /// - Parameter coins: by the vendor's id, as `bitcoin`.
    public init(coins: [String: [Close]], key: String? = nil) {
        self.coins = coins.mapValues { $0.sorted { $0.day < $1.day } }
        self.key = key
    }

    public func answer(_ request: FakeRequest, fault: Fault?) -> FakeAnswer {
        let given = request.headers["x-cg-demo-api-key"] ?? request.headers["x-cg-pro-api-key"]
        guard key == nil || given == key else {
            return .json(
                Array(#"{"status":{"error_code":10002,"error_message":"API Key Missing"}}"#.utf8),
                status: 401)
        }
        let path = request.path.split(separator: "/").map(String.init)
        guard path.count == 6, path.starts(with: ["api", "v3", "coins"]),
            path.suffix(2).elementsEqual(["market_chart", "range"]), let id = path.dropFirst(3).first,
            let closes = coins[id]
        else { return .json(Array(#"{"error":"coin not found"}"#.utf8), status: 404) }
        guard request.query["vs_currency"] != nil, request.query["interval"] == "daily",
            let from = request.query["from"].flatMap({ Double($0) }),
            let to = request.query["to"].flatMap({ Double($0) })
        else { return .json(Array(#"{"error":"Missing parameter"}"#.utf8), status: 422) }
        // The price of midnight is the close of the day that ends there.
        let inRange = closes.filter { close in
            (from...to).contains(Double(close.day.secondsSince1970) + .days(1))
        }
        let shown =
            fault?.applied(
                to: inRange, contradicting: { Close($0.day, "1" + $0.text) },
                impossible: { Close($0.day, "0") }) ?? inRange
        return .json(chart(shown))
    }

    private func chart(_ closes: [Close]) -> [UInt8] {
        var points = closes.map { ("\($0.day.secondsSince1970 + Int(TimeInterval.days(1)))000", $0.text) }
        // The newest point of an answer is the present one, and lies at no midnight.
        if let last = closes.last {
            points.append(("\(last.day.secondsSince1970 + Int(TimeInterval.days(1)) + 4_242)000", last.text))
        }
        var writer = JSONWriter()
        writer.beginObject()
        for name in ["prices", "market_caps", "total_volumes"] {
            writer.member(named: name)
            writer.array(of: points) { $0.write(json: "[\($1.0),\($1.1)]") }
        }
        writer.endObject()
        return writer.bytes
    }
}
