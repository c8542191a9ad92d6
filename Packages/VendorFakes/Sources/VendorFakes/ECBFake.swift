public import ExactTypes

/// The euro reference rates of the European Central Bank: `eurofxref-daily.xml`, `eurofxref-hist-90d.xml` and
/// `eurofxref-hist.xml`.
public struct ECBFake: FakeVendor {
    /// A day's rates: how many units of the currency one euro buys, as the bank prints them.
    public struct Day: Sendable, Hashable {
        public let day: CalendarDay
        public let rates: [Rate]

        public init(_ day: CalendarDay, _ rates: [Rate]) {
            self.day = day
            self.rates = rates
        }
    }

    public struct Rate: Sendable, Hashable {
        public let currency: Currency
        public let text: String

        public init(_ currency: Currency, _ text: String) {
            self.currency = currency
            self.text = text
        }
    }

    /// From the newest to the oldest, as the files have them.
    private let days: [Day]

    public init(days: [Day]) { self.days = days.sorted { $0.day > $1.day } }

    public func answer(_ request: FakeRequest, fault: Fault?) -> FakeAnswer {
        guard request.method == "GET", let file = request.path.split(separator: "/").last else {
            return .html(status: 404)
        }
        switch file {
        // The daily file writes its attributes in single quotes, the histories in double ones.
        case "eurofxref-daily.xml": return xml(Array(days.prefix(1)), quote: "'", fault)
        case "eurofxref-hist-90d.xml":
            let recent = days.filter { day in
                days.first.map { day.day.days(until: $0.day) < 90 } ?? false
            }
            return xml(recent, quote: "\"", fault)
        case "eurofxref-hist.xml": return xml(days, quote: "\"", fault)
        default: return .html(status: 404)
        }
    }

    private func xml(_ days: [Day], quote: String, _ fault: Fault?) -> FakeAnswer {
        let days =
            fault?.applied(
                to: days,
                contradicting: { Day($0.day, $0.rates.map { Rate($0.currency, "1" + $0.text) }) },
                impossible: { Day($0.day, $0.rates.map { Rate($0.currency, "0") }) }) ?? days
        var text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" \
            xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
            \t<gesmes:subject>Reference rates</gesmes:subject>
            \t<gesmes:Sender>
            \t\t<gesmes:name>European Central Bank</gesmes:name>
            \t</gesmes:Sender>
            \t<Cube>

            """
        for day in days {
            text += "\t\t<Cube time=\(quote)\(day.day)\(quote)>\n"
            for rate in day.rates {
                text += "\t\t\t<Cube currency=\(quote)\(rate.currency)\(quote) "
                text += "rate=\(quote)\(rate.text)\(quote)/>\n"
            }
            text += "\t\t</Cube>\n"
        }
        text += "\t</Cube>\n</gesmes:Envelope>"
        return FakeAnswer(headers: ["Content-Type": "text/xml"], body: Array(text.utf8))
    }
}
