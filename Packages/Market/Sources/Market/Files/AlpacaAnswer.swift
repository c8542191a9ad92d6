import ExactTypes
import Foundation
import SharedTypes
import StrictJSON

/// What Alpaca's market data answers: a page of daily bars, or of corporate actions.
struct AlpacaAnswer: Sendable {
    private let answer: JSONValue

    init(parsing bytes: [UInt8]) throws(ParseError) { answer = try JSONValue(vendorAnswer: bytes) }

    /// The vendor's word for the next page. It must be there, and null on the last page: an answer without it may be cut.
    private func nextToken() throws(ParseError) -> String? {
        switch answer.members["next_page_token"] {
        case .string(let token)? where (1...4_000).contains(token.count): return token
        case .null?: return nil
        default: throw ParseError(reason: "has no next_page_token")
        }
    }

    // MARK: - Bars

    /// The daily bars of a symbol. A bar's day is that of its beginning, midnight in New York.
    func bars(of symbol: String, in zone: IANATimeZone) throws(ParseError) -> FeedPage<PriceBar> {
        let bars: [JSONValue]
        switch answer.members["bars"] {
        case .object(let symbols)?: bars = symbols[symbol]?.elements ?? []
        case .null?: bars = []
        default: throw ParseError(reason: "has no bars")
        }
        var page = FeedPage<PriceBar>(rows: [], nextToken: try nextToken())
        for bar in bars {
            let begins = try Date(rfc3339: try bar["t"].text("time"))
            page.rows.append(
                PriceBar(
                    day: zone.day(at: begins), open: try bar["o"].figure("open"),
                    high: try bar["h"].figure("high"), low: try bar["l"].figure("low"),
                    close: try bar["c"].figure("close"), volume: try bar["v"].figure("volume")))
        }
        return page
    }

    // MARK: - Corporate actions

    /// The corporate actions of the kinds that are kept, with how many there were of others.
    func actions() throws(ParseError) -> FeedPage<RecordedAction> {
        guard case .object(let lists)? = answer.members["corporate_actions"] else {
            throw ParseError(reason: "has no corporate_actions")
        }
        var page = FeedPage<RecordedAction>(rows: [], nextToken: try nextToken())
        for (list, values) in lists.sorted(by: { $0.key < $1.key }) {
            guard case .array(let elements) = values else {
                throw ParseError(reason: "has \(list) that are no list")
            }
            for element in elements {
                if let action = try Self.action(element, in: list) {
                    page.rows.append(action)
                } else {
                    page.refused += 1
                }
            }
        }
        return page
    }

    private static func action(
        _ value: JSONValue, in list: String
    ) throws(ParseError) -> RecordedAction? {
        guard let change = try change(value, in: list) else { return nil }
        // A change of name has no other day.
        let day = try value[list == "name_changes" ? "process_date" : "ex_date"].text("day")
        return RecordedAction(
            exDate: try CalendarDay(parsing: day), change: change, reference: try? value["id"].text("id"))
    }

    private static func change(
        _ value: JSONValue, in list: String
    ) throws(ParseError) -> RecordedAction.Change? {
        switch list {
        case "forward_splits", "reverse_splits":
            return .split(
                new: try value["new_rate"].figure("new_rate"), old: try value["old_rate"].figure("old_rate"))
        case "stock_dividends":
            // A twentieth of a share for each one held makes 1.05 of one.
            let rate = try value["rate"].figure("rate")
            guard let new = try? FixedDecimal(1) + rate else { return nil }
            return .split(new: new, old: FixedDecimal(1))
        case "cash_dividends":
            let currency =
                value["currency"] == .null
                ? Currency.usd : try Currency(parsing: try value["currency"].text("currency"))
            return .payment(
                isReturnOfCapital: value["sub_type"] == .string("return_of_capital"),
                amount: try value["rate"].figure("rate"), currency: currency)
        case "name_changes":
            let new = try value["new_symbol"].text("new_symbol")
            // Of the name alone, it changes no symbol.
            return new == (try value["old_symbol"].text("old_symbol")) ? nil : .symbol(new)
        default: return nil
        }
    }
}
