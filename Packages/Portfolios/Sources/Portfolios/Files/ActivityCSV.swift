import ExactTypes
import Foundation
import NIOCore
import SharedTypes
import TabularText

/// The plain CSV format: a header, then one activity a line, of any type that Grove knows.
enum ActivityCSV {
    /// What a column means, in the order in which an export writes them.
    enum Column: String, CaseIterable {
        case id, date, type, source, exchange, symbol, name, quantity
        case unitPrice = "unit_price"
        case amount, fee, currency
        case splitTo = "split_to"
        case splitFrom = "split_from"
        case note
    }

    /// Other names by which files call a column; a header is read in lower case, with _ for spaces and hyphens.
    private static let aliases: [String: Column] = [
        "external_id": .id, "transaction_id": .id, "tradedate": .date, "trade_date": .date,
        "executed_at": .date,
        "datetime": .date, "action": .type, "transaction_type": .type, "buy/sell": .type,
        "datasource": .source,
        "data_source": .source, "mic": .exchange, "market": .exchange, "code": .symbol, "ticker": .symbol,
        "instrument": .symbol, "qty": .quantity, "shares": .quantity, "units": .quantity,
        "unitprice": .unitPrice,
        "price": .unitPrice, "tradeprice": .unitPrice, "trade_price": .unitPrice, "gross_amount": .amount,
        "fees": .fee, "commission": .fee, "ccy": .currency, "currencyprimary": .currency,
        "comment": .note, "description": .note,
    ]

    private static let typeAliases: [String: TransactionType] = [
        "purchase": .buy, "bought": .buy, "sale": .sell, "sold": .sell, "dividends": .dividend,
        "div": .dividend,
        "fees": .fee, "transferin": .transferIn, "transferout": .transferOut, "stock_split": .split,
        "returnofcapital": .returnOfCapital, "bonus": .adjustment, "bonus_shares": .adjustment,
    ]

    /// Why the whole file cannot be read.
    struct Fault: Error, Hashable {
        /// The column, or "body".
        let field: String
        /// A sentence fragment that goes on after the field's name.
        let reason: String
    }

    /// Reads a file, piece by piece. The separator is that of the header: a comma, a semicolon or a tab.
    ///
    /// - Parameter checkCancellation: is asked at each row, and throws where nobody waits for the file any more.
    static func read(
        _ bytes: ByteBuffer, checkCancellation: () throws -> Void = {}
    ) throws -> ActivityFile {
        let separator = CSVSeparator(ofHeader: bytes.readableBytesView)
        var columns: [Column: Int]?
        var ignored: [String] = []
        var width = 0
        var rows: [ActivityFile.Row] = []
        let decimalComma = try separator == .semicolon && hasDecimalCommas(bytes, checkCancellation)
        try forEachRow(of: bytes, separator, checkCancellation) { fields in
            guard let known = columns else {
                let header = try Self.columns(fields)
                (columns, ignored, width) = (header.columns, header.ignored, fields.count)
                return
            }
            guard rows.count < ActivityFile.maximumRows else {
                throw Fault(field: "body", reason: "has more than \(ActivityFile.maximumRows) rows")
            }
            let line = Line(
                row: rows.count + 1, fields: fields, columns: known, width: width, decimalComma: decimalComma)
            do throws(RowFault) {
                rows.append(.activity(try line.activity()))
            } catch {
                rows.append(.refused(error))
            }
        }
        // A file without a header lacks its first column.
        if columns == nil { _ = try Self.columns([]) }
        return ActivityFile(source: "csv", rows: rows, ignored: ignored)
    }

    /// What is read at once. Rows are few and short against the file, and those of one piece are held together.
    private static let pieceBytes = 65_536

    /// Gives the fields of the header and of each row in which something stands; memory does not grow with the file.
    private static func forEachRow(
        of bytes: ByteBuffer, _ separator: CSVSeparator, _ checkCancellation: () throws -> Void,
        _ body: ([String]) throws -> Void
    ) throws {
        var reader = CSVReader(separator: separator)
        var rest = bytes
        func give(_ rows: [CSVRow]) throws {
            for row in rows {
                try checkCancellation()
                if !isBlank(row) { try body(row.fields) }
            }
        }
        do {
            while let piece = rest.readBytes(length: min(pieceBytes, rest.readableBytes)), !piece.isEmpty {
                try checkCancellation()
                try give(reader.rows(in: ArraySlice(piece)))
            }
            try give(reader.finish())
        } catch let fault as CSVFault {
            throw Fault(field: "body", reason: "is no CSV file: line \(fault.line) \(fault.reason)")
        }
    }

    private static func isBlank(_ row: CSVRow) -> Bool {
        row.fields.allSatisfy { $0.isEmpty || trimmed($0).isEmpty }
    }

    /// Whether a figure of the file has a comma. What a point then means is decided for the file as a whole.
    private static func hasDecimalCommas(
        _ bytes: ByteBuffer, _ checkCancellation: () throws -> Void
    ) throws -> Bool {
        var figures: [Int]?
        var isFound = false
        try forEachRow(of: bytes, .semicolon, checkCancellation) { fields in
            guard let known = figures else {
                let columns = try Self.columns(fields).columns
                figures = [Column.quantity, .unitPrice, .amount, .fee].compactMap { columns[$0] }
                return
            }
            isFound = isFound || known.contains { fields.dropFirst($0).first?.contains(",") == true }
        }
        return isFound
    }

    private static func columns(
        _ header: [String]
    ) throws(Fault) -> (columns: [Column: Int], ignored: [String]) {
        var columns: [Column: Int] = [:]
        var ignored: [String] = []
        for (index, title) in header.enumerated() {
            let name = normal(title)
            guard let column = Column(rawValue: name) ?? aliases[name] else {
                if !name.isEmpty && ignored.count < 50 { ignored.append(String(trimmed(title).prefix(100))) }
                continue
            }
            guard columns.updateValue(index, forKey: column) == nil else {
                throw Fault(field: column.rawValue, reason: "is the meaning of two columns of the header")
            }
        }
        for column in [Column.date, .type, .currency] where columns[column] == nil {
            throw Fault(field: column.rawValue, reason: "is missing in the header")
        }
        return (columns, ignored)
    }

    /// What the format calls a field of a transaction.
    static func fieldName(_ field: String) -> String {
        switch field {
        case "instrument_id": Column.symbol.rawValue
        case "lots": Column.quantity.rawValue
        default: field
        }
    }

    static func type(_ text: String) -> TransactionType? {
        let name = normal(text)
        return TransactionType(rawValue: name) ?? typeAliases[name]
    }

    private static func normal(_ text: String) -> String {
        trimmed(text).lowercased().replacingOccurrences(of: " ", with: "_").replacingOccurrences(
            of: "-", with: "_")
    }

    static func trimmed(_ text: String) -> String { text.trimmingCharacters(in: .whitespacesAndNewlines) }
}

extension ActivityCSV {
    /// One line of the file.
    private struct Line {
        let row: Int
        let fields: [String]
        let columns: [Column: Int]
        let width: Int
        let decimalComma: Bool

        func activity() throws(RowFault) -> ImportedActivity {
            if let extra = fields.dropFirst(width).first(where: { !$0.isEmpty }) {
                throw RowFault(row, "row", "has more fields than the header: \(extra.prefix(40))")
            }
            guard let type = ActivityCSV.type(try required(.type)) else {
                let names = TransactionType.allCases.map(\.rawValue).joined(separator: ", ")
                throw RowFault(row, Column.type.rawValue, "must be one of \(names)")
            }
            let (currency, divisor) = try parsed(.currency, try required(.currency)) {
                text throws(ParseError) in
                try FigureText.currency(text)
            }
            let quantity = try figure(.quantity)
            let unitPrice = try figure(.unitPrice, dividedBy: divisor)
            let amount = try figure(.amount, dividedBy: divisor)
            var gross = try gross(quantity, unitPrice, amount, in: currency)
            var fee = try figure(.fee, dividedBy: divisor) ?? .zero
            // Many files write the amount of a fee in the column of fees.
            if type == .fee && gross.isZero { (gross, fee) = (fee, .zero) }
            return ImportedActivity(
                row: row, type: type, listing: try listing(), name: try text(.name, maximum: 200),
                quantity: quantity, unitPrice: unitPrice, grossAmount: gross, fee: fee, currency: currency,
                executedAt: try parsed(.date, try required(.date)) { text throws(ParseError) in
                    try FigureText.moment(text)
                }, split: try split(), note: try text(.note, maximum: 500),
                fileID: try text(.id, maximum: 200))
        }

        /// The amount that the row says, else quantity times price. Both may differ by what a broker rounded;
        /// where they differ by more, the amount is another figure, as a total with the fee in it.
        private func gross(
            _ quantity: Quantity?, _ unitPrice: FixedDecimal?, _ amount: FixedDecimal?, in currency: Currency
        ) throws(RowFault) -> FixedDecimal {
            guard let quantity, let unitPrice else { return amount ?? .zero }
            guard let gross = try? LedgerTransaction.gross(quantity: quantity, unitPrice: unitPrice) else {
                throw RowFault(row, Column.quantity.rawValue, "times unit_price is out of range")
            }
            guard let amount else { return gross }
            guard let difference = try? (amount - gross).magnitude,
                let allowance = try? allowance(quantity, currency), difference <= allowance
            else {
                throw RowFault(row, Column.amount.rawValue, "is not quantity times unit_price, before fees")
            }
            return amount
        }

        /// Half of the last decimal of the price as it is written, on each unit, and one minor unit of the
        /// currency. A price without decimals is taken as exact.
        private func allowance(_ quantity: Quantity, _ currency: Currency) throws -> FixedDecimal {
            let price = try text(.unitPrice, maximum: 60) ?? ""
            let decimals = max(0, price.drop { $0 != "." && $0 != "," }.count - 1)
            let half =
                decimals == 0 ? .zero : try Self.unit(ofDecimal: decimals + 1).multiplied(by: FixedDecimal(5))
            return try quantity.multiplied(by: half) + Self.unit(ofDecimal: currency.minorUnits)
        }

        /// A one in that decimal; the smallest figure behind the last.
        private static func unit(ofDecimal decimals: Int) throws -> FixedDecimal {
            let digits = min(decimals, FixedDecimal.scale)
            return try FixedDecimal(
                parsing: digits == 0 ? "1" : "0." + String(repeating: "0", count: digits - 1) + "1")
        }

        private func listing() throws(RowFault) -> ActivityListing? {
            guard let symbol = try text(.symbol, maximum: 100) else { return nil }
            return try ActivityListing(
                source: text(.source, maximum: 40), exchange: text(.exchange, maximum: 20) ?? "",
                symbol: symbol
            ).normal(row: row, source: Column.source.rawValue, exchange: Column.exchange.rawValue)
        }

        private func split() throws(RowFault) -> ImportedActivity.SplitShares? {
            let (to, from) = (try text(.splitTo, maximum: 20), try text(.splitFrom, maximum: 20))
            guard to != nil || from != nil else { return nil }
            return .init(to: try shares(.splitTo, to), from: try shares(.splitFrom, from))
        }

        private func shares(_ column: Column, _ text: String?) throws(RowFault) -> Int32 {
            guard let text else { throw RowFault(row, column.rawValue, "is required, with its counterpart") }
            guard let shares = Int32(text), shares > 0, shares <= 1_000_000 else {
                throw RowFault(row, column.rawValue, "must be a whole number from 1 to 1000000")
            }
            return shares
        }

        private func figure(_ column: Column, dividedBy divisor: Int = 1) throws(RowFault) -> FixedDecimal? {
            guard let text = try text(column, maximum: 60) else { return nil }
            let figure = try parsed(column, text) { text throws(ParseError) in
                try FigureText.decimal(text, decimalComma: decimalComma)
            }
            guard !figure.isNegative else { throw RowFault(row, column.rawValue, "must not be negative") }
            return try parsed(column, text) { _ throws(ParseError) in
                try FigureText.quotient(of: figure, and: divisor)
            }
        }

        private func required(_ column: Column) throws(RowFault) -> String {
            guard let text = try text(column, maximum: 60) else {
                throw RowFault(row, column.rawValue, "is required")
            }
            return text
        }

        /// The text of a field; nil where it is empty.
        private func text(_ column: Column, maximum: Int) throws(RowFault) -> String? {
            guard let index = columns[column], let field = fields.dropFirst(index).first else { return nil }
            let text = ActivityCSV.withoutFormulaMark(ActivityCSV.trimmed(field))
            guard text.unicodeScalars.count <= maximum else {
                throw RowFault(row, column.rawValue, "is longer than \(maximum) characters")
            }
            let breaks = "\n\r\t".unicodeScalars
            for scalar in text.unicodeScalars where scalar.properties.generalCategory == .control {
                guard column == .note, breaks.contains(scalar) else {
                    throw RowFault(row, column.rawValue, "contains a control character")
                }
            }
            return text.isEmpty ? nil : text
        }

        private func parsed<Value>(
            _ column: Column, _ text: String, _ parse: (String) throws(ParseError) -> Value
        ) throws(RowFault) -> Value {
            do throws(ParseError) {
                return try parse(text)
            } catch {
                throw RowFault(row, column.rawValue, error.reason)
            }
        }
    }
}

extension ActivityListing {
    /// The listing in the form in which instruments are kept; a source and an exchange are short codes.
    func normal(row: Int, source sourceField: String, exchange exchangeField: String) throws(RowFault) -> Self
    {
        let (source, exchange) = (source?.uppercased(), exchange.uppercased())
        let letters = UInt8(ascii: "A")...UInt8(ascii: "Z")
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        if let source {
            let isCode = source.utf8.allSatisfy {
                letters.contains($0) || digits.contains($0) || $0 == UInt8(ascii: "_")
            }
            guard isCode, source.utf8.first.map(letters.contains) == true, source.utf8.count <= 40 else {
                throw RowFault(row, sourceField, "must be letters, digits and _, like YAHOO")
            }
        }
        let isCode = exchange.utf8.allSatisfy {
            letters.contains($0) || digits.contains($0) || $0 == UInt8(ascii: ".")
        }
        guard isCode, exchange.utf8.count <= 20 else {
            throw RowFault(row, exchangeField, "must be letters, digits and points, like XNAS")
        }
        return ActivityListing(source: source, exchange: exchange, symbol: symbol)
    }
}
