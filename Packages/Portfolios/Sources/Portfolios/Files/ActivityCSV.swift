import ExactTypes
import Foundation
import NIOCore
import PortfoliosContract
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

    /// Other names by which files call a column; a header is read in lower case, with _ for spaces and
    /// hyphens.
    fileprivate static let aliases: [String: Column] = [
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

    /// Reads a file, piece by piece, once to see how it writes figures and days and once to take them.
    ///
    /// - Parameters:
    ///   - stated: how the file writes them, where its sender says so.
    ///   - checkCancellation: is asked at each row, and throws where the client has gone.
    /// - Throws: `RefusedRows` where the file cannot be read as a whole, or leaves open what its figures or days mean.
    static func read(
        _ bytes: ByteBuffer, stated: StatedFormat = StatedFormat(),
        checkCancellation: () throws -> Void = {}
    ) throws -> ActivityFile {
        let format = try format(of: bytes, stated, checkCancellation)
        var header: Header?
        var rows: [ActivityFile.Row] = []
        try forEachRow(of: bytes, checkCancellation) { row in
            guard let known = header else {
                header = try Header(row)
                return
            }
            do throws(RowFault) {
                rows.append(.activity(try Line(row: row, header: known, format: format).activity()))
            } catch {
                rows.append(.refused(error))
            }
        }
        return ActivityFile(
            format: .csv, rows: rows, ignored: header?.ignored ?? [],
            columnNames: header?.columnNames ?? [:])
    }

    /// How the file as a whole writes its figures and days.
    private static func format(
        of bytes: ByteBuffer, _ stated: StatedFormat, _ checkCancellation: () throws -> Void
    ) throws -> TabularFormat {
        var header: Header?
        var rowCount = 0
        var survey = FormatSurvey(stated)
        let separator = try forEachRow(of: bytes, checkCancellation) { row in
            guard let known = header else {
                header = try Header(row)
                return
            }
            rowCount += 1
            guard rowCount <= ActivityFile.maximumRows else {
                let most = ActivityFile.maximumRows
                throw RowFault(row: row.line, "is one too many: a file has at most \(most) rows")
            }
            for column in [Column.quantity, .unitPrice, .amount, .fee] {
                guard let text = known.field(column, of: row) else { continue }
                survey.addFigure(text, row: row.line, column: known.title(column))
            }
            guard let text = known.field(.date, of: row) else { return }
            survey.addDay(text, row: row.line, column: known.title(.date))
        }
        // A file without a header lacks its first column.
        if header == nil { throw RefusedRows([RowFault(column: "date", "is missing in the header")]) }
        return try survey.format(separator: separator)
    }

    /// What is read at once. Rows are few and short against the file, and those of one piece are held
    /// together.
    private static let pieceBytes = 65_536

    /// Gives the header and each row in which something stands; memory does not grow with the file.
    @discardableResult
    private static func forEachRow(
        of bytes: ByteBuffer, _ checkCancellation: () throws -> Void, _ body: (CSVRow) throws -> Void
    ) throws -> CSVSeparator {
        var reader = CSVReader()
        var rest = bytes
        func give(_ rows: [CSVRow]) throws {
            for row in rows {
                try checkCancellation()
                if !isBlank(row) { try body(row) }
            }
        }
        do {
            while let piece = rest.readBytes(length: min(pieceBytes, rest.readableBytes)), !piece.isEmpty {
                try checkCancellation()
                try give(reader.rows(in: ArraySlice(piece)))
            }
            try give(reader.finish())
        } catch let fault as RowFault {
            throw RefusedRows([fault])
        }
        return reader.separator
    }

    private static func isBlank(_ row: CSVRow) -> Bool {
        row.fields.allSatisfy { $0.isEmpty || trimmed($0).isEmpty }
    }

    /// Where the columns of a file are.
    struct Header {
        private(set) var ignored: [String] = []
        let width: Int
        private var columns: [Column: Int] = [:]
        private let titles: [String]

        init(_ row: CSVRow) throws(RowFault) {
            titles = row.fields
            width = row.fields.count
            for (index, title) in row.fields.enumerated() {
                let name = ActivityCSV.normal(title)
                guard let column = Column(rawValue: name) ?? ActivityCSV.aliases[name] else {
                    if !name.isEmpty && ignored.count < 50 {
                        ignored.append(String(ActivityCSV.trimmed(title).prefix(100)))
                    }
                    continue
                }
                guard columns.updateValue(index, forKey: column) == nil else {
                    throw RowFault(
                        row: row.line, column: column.rawValue, "is the meaning of two columns of the header")
                }
            }
            for column in [Column.date, .type, .currency] where columns[column] == nil {
                throw RowFault(row: row.line, column: column.rawValue, "is missing in the header")
            }
        }

        /// The field of a row without the spaces around it; nil where the file has no such column.
        func field(_ column: Column, of row: CSVRow) -> String? {
            guard let index = columns[column], let field = row.fields.dropFirst(index).first else {
                return nil
            }
            return ActivityCSV.withoutFormulaMark(ActivityCSV.trimmed(field))
        }

        /// What the file calls the fields of a transaction.
        var columnNames: [String: String] {
            var names: [String: String] = [:]
            for column in columns.keys { names[column.rawValue] = title(column) }
            names["instrument_id"] = title(.symbol)
            names["lots"] = title(.quantity)
            return names
        }

        /// What the file calls the column.
        func title(_ column: Column) -> String {
            let title = columns[column].flatMap { titles.dropFirst($0).first } ?? ""
            return title.isEmpty ? column.rawValue : ActivityCSV.trimmed(title)
        }
    }

    static func type(_ text: String) -> TransactionType? {
        let name = normal(text)
        return TransactionType(rawValue: name) ?? typeAliases[name]
    }

    fileprivate static func normal(_ text: String) -> String {
        trimmed(text).lowercased().replacingOccurrences(of: " ", with: "_").replacingOccurrences(
            of: "-", with: "_")
    }

    static func trimmed(_ text: String) -> String { text.trimmingCharacters(in: .whitespacesAndNewlines) }
}

extension ActivityCSV {
    /// One line of the file.
    private struct Line {
        let row: CSVRow
        let header: Header
        let format: TabularFormat

        func activity() throws(RowFault) -> ImportedActivity {
            if let extra = row.fields.dropFirst(header.width).first(where: { !$0.isEmpty }) {
                throw RowFault(row: row.line, "has more fields than the header: \(extra.prefix(40))")
            }
            guard let type = ActivityCSV.type(try required(.type)) else {
                let names = TransactionType.allCases.map(\.rawValue).joined(separator: ", ")
                throw fault(.type, "must be one of \(names)")
            }
            let unit = try parsed(.currency, try required(.currency)) { text throws(ParseError) in
                try CurrencyUnit(parsing: text)
            }
            let quantity = try figure(.quantity, format.figures.number)?.value
            let money = { (text: String) throws(ParseError) -> Figure in
                try format.figures.amount(text, in: unit)
            }
            let unitPrice = try figure(.unitPrice, money)
            let amount = try figure(.amount, money)?.value
            var gross = try gross(quantity, unitPrice, amount, in: unit.currency)
            var fee = try figure(.fee, money)?.value ?? .zero
            // Many files write the amount of a fee in the column of fees.
            if type == .fee && gross.isZero { (gross, fee) = (fee, .zero) }
            return ImportedActivity(
                row: row.line, type: type, listing: try listing(), name: try text(.name, maximum: 200),
                quantity: quantity, unitPrice: unitPrice?.value, grossAmount: gross, fee: fee,
                currency: unit.currency,
                executedAt: try parsed(.date, try required(.date), format.days.moment),
                split: try split(), note: try text(.note, maximum: 500),
                fileID: try text(.id, maximum: 200))
        }

        /// The amount that the row says, else quantity times price. Both may differ by what a broker rounded;
        /// where they differ by more, the amount is another figure, as a total with the fee in it.
        private func gross(
            _ quantity: Quantity?, _ unitPrice: Figure?, _ amount: FixedDecimal?, in currency: Currency
        ) throws(RowFault) -> FixedDecimal {
            guard let quantity, let unitPrice else { return amount ?? .zero }
            guard let gross = try? LedgerTransaction.gross(quantity: quantity, unitPrice: unitPrice.value)
            else {
                throw fault(.quantity, "times unit_price is out of range")
            }
            guard let amount else { return gross }
            guard let difference = try? (amount - gross).magnitude,
                let allowance = try? allowance(quantity, unitPrice, currency), difference <= allowance
            else {
                throw fault(.amount, "is not quantity times unit_price, before fees")
            }
            return amount
        }

        /// Half of the last decimal of the price as it is written, on each unit, and one minor unit of the
        /// currency. A price without decimals is taken as exact.
        private func allowance(
            _ quantity: Quantity, _ price: Figure, _ currency: Currency
        ) throws -> FixedDecimal {
            let half =
                price.decimals == 0
                ? .zero : try Self.unit(ofDecimal: price.decimals + 1).multiplied(by: FixedDecimal(5))
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
            ).normal(row: row.line, source: header.title(.source), exchange: header.title(.exchange))
        }

        private func split() throws(RowFault) -> ImportedActivity.SplitShares? {
            let (to, from) = (try text(.splitTo, maximum: 20), try text(.splitFrom, maximum: 20))
            guard to != nil || from != nil else { return nil }
            return .init(to: try shares(.splitTo, to), from: try shares(.splitFrom, from))
        }

        private func shares(_ column: Column, _ text: String?) throws(RowFault) -> Int32 {
            guard let text else { throw fault(column, "is required, with its counterpart") }
            guard let shares = Int32(text), shares > 0, shares <= 1_000_000 else {
                throw fault(column, "must be a whole number from 1 to 1000000")
            }
            return shares
        }

        private func figure(
            _ column: Column, _ read: (String) throws(ParseError) -> Figure
        ) throws(RowFault) -> Figure? {
            guard let text = try text(column, maximum: 60) else { return nil }
            let figure = try parsed(column, text, read)
            guard !figure.value.isNegative else { throw fault(column, "must not be negative") }
            return figure
        }

        private func required(_ column: Column) throws(RowFault) -> String {
            guard let text = try text(column, maximum: 60) else { throw fault(column, "is required") }
            return text
        }

        /// The text of a field; nil where it is empty.
        private func text(_ column: Column, maximum: Int) throws(RowFault) -> String? {
            guard let text = header.field(column, of: row) else { return nil }
            guard text.unicodeScalars.count <= maximum else {
                throw fault(column, "is longer than \(maximum) characters")
            }
            let breaks = "\n\r\t".unicodeScalars
            for scalar in text.unicodeScalars where scalar.properties.generalCategory == .control {
                guard column == .note, breaks.contains(scalar) else {
                    throw fault(column, "contains a control character")
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
                throw fault(column, error.reason)
            }
        }

        private func fault(_ column: Column, _ reason: String) -> RowFault {
            RowFault(row: row.line, column: header.title(column), reason)
        }
    }
}

extension ActivityListing {
    /// The listing in the form in which instruments are kept; a source and an exchange are short codes.
    func normal(row: Int, source sourceField: String, exchange exchangeField: String) throws(RowFault) -> Self
    {
        func checked(
            _ field: String, _ text: String, _ check: (String) throws(ParseError) -> String
        ) throws(RowFault) -> String {
            do throws(ParseError) {
                return try check(text)
            } catch {
                throw RowFault(row: row, column: field, error.reason)
            }
        }
        return ActivityListing(
            source: try source.map { source throws(RowFault) in
                try checked(sourceField, source, ListingText.source)
            }, exchange: try checked(exchangeField, exchange, ListingText.exchange), symbol: symbol)
    }
}
