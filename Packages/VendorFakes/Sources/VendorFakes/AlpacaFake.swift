public import ExactTypes
import Foundation
import StrictJSON

/// Alpaca's market data: daily bars (`/v2/stocks/bars`) and corporate actions (`/v1/corporate-actions`), in pages.
public struct AlpacaFake: FakeVendor {
    /// A bar of a day, its figures as the vendor prints them.
    public struct Bar: Sendable, Hashable {
        public let day: CalendarDay
        public var open, high, low, close, volume: String

        public init(
            _ day: CalendarDay, open: String, high: String, low: String, close: String, volume: String
        ) {
            self.day = day
            self.open = open
            self.high = high
            self.low = low
            self.close = close
            self.volume = volume
        }
    }

    /// A corporate action: the array that it is listed in, the day by which it is found, and its members as JSON.
    public struct Action: Sendable, Hashable {
        public let list: String
        public let symbol: String
        public let processDay: CalendarDay
        public let json: String

        /// - Parameter json: the members but `symbol` and `process_date`, as `"ex_date":"2024-06-10","rate":0.25`.
        public init(_ list: String, symbol: String, processDay: CalendarDay, json: String) {
            self.list = list
            self.symbol = symbol
            self.processDay = processDay
            self.json = json
        }
    }

    private let raw: [String: [Bar]]
    private let adjusted: [String: [Bar]]
    private let actions: [Action]
    private let keyID: String
    private let secret: String

    /// - Parameters:
    ///   - bars: as traded, by symbol.
    ///   - adjusted: what is answered where anything but `adjustment=raw` is asked for.
    public init(
        bars: [String: [Bar]] = [:], adjusted: [String: [Bar]] = [:], actions: [Action] = [],
        keyID: String = "key", secret: String = "secret"
    ) {
        raw = bars.mapValues { $0.sorted { $0.day < $1.day } }
        self.adjusted = adjusted
        self.actions = actions.sorted { $0.processDay < $1.processDay }
        self.keyID = keyID
        self.secret = secret
    }

    public func answer(_ request: FakeRequest, fault: Fault?) -> FakeAnswer {
        guard request.headers["apca-api-key-id"] == keyID, request.headers["apca-api-secret-key"] == secret
        else { return Self.refusal(401, "unauthorized") }
        guard let start = request.query["start"].flatMap({ CalendarDay($0) }),
            let end = request.query["end"].flatMap({ CalendarDay($0) }), start <= end
        else { return Self.refusal(400, "start and end are days, in this order") }
        switch request.path {
        case "/v2/stocks/bars": return bars(request, start...end, fault)
        case "/v1/corporate-actions": return corporateActions(request, start...end, fault)
        default: return Self.refusal(404, "endpoint not found")
        }
    }

    private static func refusal(_ status: Int, _ message: String) -> FakeAnswer {
        .json(Array(#"{"message":"\#(message)"}"#.utf8), status: status)
    }

    // MARK: - Bars

    private func bars(
        _ request: FakeRequest, _ days: ClosedRange<CalendarDay>, _ fault: Fault?
    ) -> FakeAnswer {
        guard let symbol = request.query["symbols"], request.query["timeframe"] == "1Day" else {
            return Self.refusal(400, "symbols and timeframe are needed")
        }
        let isRaw = (request.query["adjustment"] ?? "raw") == "raw"
        let all = ((isRaw ? raw : adjusted)[symbol] ?? []).filter { days.contains($0.day) }
        guard let page = Page(all, request, fault, limits: 1...10_000, standard: 1_000) else {
            return Self.refusal(400, "page_token is invalid")
        }
        let shown =
            fault?.applied(
                to: page.rows,
                contradicting: {
                    var bar = $0
                    bar.high = "1" + bar.high
                    return bar
                },
                impossible: {
                    var bar = $0
                    bar.close = "0"
                    return bar
                }) ?? page.rows
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("\"bars\":")
        writer.beginObject()
        if !shown.isEmpty {
            writer.member(named: symbol)
            writer.array(of: shown) { $0.write(json: Self.json($1)) }
        }
        writer.endObject()
        page.writeToken(to: &writer)
        writer.endObject()
        return .json(writer.bytes)
    }

    /// A daily bar begins at midnight in New York.
    private static func json(_ bar: Bar) -> String {
        let midnight = newYork?.start(of: bar.day).rfc3339.replacing(".000000Z", with: "Z") ?? ""
        return """
            {"t":"\(midnight)","o":\(bar.open),"h":\(bar.high),"l":\(bar.low),"c":\(bar.close),\
            "v":\(bar.volume),"n":1200,"vw":\(bar.close)}
            """
    }

    private static let newYork = try? IANATimeZone(parsing: "America/New_York")

    // MARK: - Corporate actions

    private func corporateActions(
        _ request: FakeRequest, _ days: ClosedRange<CalendarDay>, _ fault: Fault?
    ) -> FakeAnswer {
        let symbols = Set((request.query["symbols"] ?? "").split(separator: ",").map(String.init))
        let all = actions.filter { symbols.contains($0.symbol) && days.contains($0.processDay) }
        guard let page = Page(all, request, fault, limits: 1...1_000, standard: 100) else {
            return Self.refusal(400, "page_token is invalid")
        }
        let shown = fault?.applied(to: page.rows, contradicting: { $0 }, impossible: { $0 }) ?? page.rows
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("\"corporate_actions\":")
        writer.beginObject()
        for (list, actions) in Dictionary(grouping: shown, by: \.list).sorted(by: { $0.key < $1.key }) {
            writer.member(named: list)
            writer.array(of: actions) { writer, action in
                let name = action.list == "name_changes" ? "old_symbol" : "symbol"
                writer.write(
                    json: """
                        {"\(name)":"\(action.symbol)","process_date":"\(action.processDay)",\(action.json)}
                        """)
            }
        }
        writer.endObject()
        page.writeToken(to: &writer)
        writer.endObject()
        return .json(writer.bytes)
    }
}

/// A page of what a request asks for, and the token of the next.
private struct Page<Row> {
    let rows: [Row]
    let token: String?

    /// Nil for a token that this vendor never gave.
    init?(_ all: [Row], _ request: FakeRequest, _ fault: Fault?, limits: ClosedRange<Int>, standard: Int) {
        let limit = request.query["limit"].flatMap { Int($0) } ?? standard
        let place = request.query["page_token"].map { Data(base64Encoded: $0) }
        let text = place.map { $0.map { String(decoding: $0, as: UTF8.self) } ?? "" }
        let first = text.map { Int($0) } ?? 0
        guard let first, limits.contains(limit), (0...all.count).contains(first) else { return nil }
        rows = Array(all.dropFirst(first).prefix(limit))
        let next = first + rows.count
        if fault == .wrongPageToken {
            token = Data("nowhere".utf8).base64EncodedString()
        } else {
            token = next < all.count ? Data("\(next)".utf8).base64EncodedString() : nil
        }
    }

    func writeToken(to writer: inout JSONWriter) {
        writer.member("\"next_page_token\":")
        if let token { writer.write(token) } else { writer.writeNull() }
    }
}
