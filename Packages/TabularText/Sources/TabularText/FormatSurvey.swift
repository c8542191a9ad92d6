import ExactTypes

/// Decides from all figures and days of a file how it writes them, before any is read.
///
/// A figure that can be read in one way only proves its decimal mark, and a day that only one order admits
/// proves the order, both for the whole file. A text that is neither figure nor day decides nothing; whoever
/// reads it refuses it. What nothing proves is asked for, unless every answer would give the same figures and
/// days.
public struct FormatSurvey: Sendable {
    /// A text and the place where it stands.
    private struct Place {
        let row: Int
        let column: String
        let text: String
    }

    private let stated: StatedFormat
    /// The first figure that proves a mark, for either mark, and the first that can be read with both.
    private var provingFigures: [FigureFormat.DecimalMark: Place] = [:]
    private var openFigure: Place?
    /// The first figure that can be read with both, and has a comma.
    private var openCommaFigure: Place?

    private var possibleOrders = Set(DayOrder.allCases)
    private var hasNumericDay = false
    private var isDotted = true
    /// The first day that no order admits which the days before it leave.
    private var excludedDay: Place?
    /// The first day of which two orders make different days, for each two.
    private var openDays: [Set<DayOrder>: Place] = [:]

    public init(_ stated: StatedFormat) { self.stated = stated }

    /// Takes a figure into account.
    public mutating func addFigure(_ text: String, row: Int, column: String) {
        // Most files are written by programs, and this sees several times faster what their figures say.
        if Self.provesPoint(text) {
            if provingFigures[.point] == nil {
                provingFigures[.point] = Place(row: row, column: column, text: text)
            }
            return
        }
        // Without a point and a comma, a figure is the same in every format.
        guard text.utf8.contains(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ",") }),
            let shape = try? FigureShape(text)
        else { return }
        let place = Place(row: row, column: column, text: text)
        switch (shape.decimals(behind: .point), shape.decimals(behind: .comma)) {
        case (nil, nil): break
        case (.some, nil): provingFigures[.point] = provingFigures[.point] ?? place
        case (nil, .some): provingFigures[.comma] = provingFigures[.comma] ?? place
        case (let point, let comma) where point != comma:
            openFigure = openFigure ?? place
            if text.utf8.contains(UInt8(ascii: ",")) { openCommaFigure = openCommaFigure ?? place }
        default: break
        }
    }

    /// Whether a text is digits with one point between them, where no thousands mark could stand.
    private static func provesPoint(_ text: String) -> Bool {
        var (whole, decimals, first) = (0, 0, UInt8(0))
        var isBehindPoint = false
        for (place, byte) in text.utf8.enumerated() {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if whole == 0 { first = byte }
                if isBehindPoint { decimals += 1 } else { whole += 1 }
            case UInt8(ascii: ".") where !isBehindPoint: isBehindPoint = true
            case UInt8(ascii: "-") where place == 0: break
            default: return false
            }
        }
        // Longer ones may have too many digits to be a figure.
        return isBehindPoint && whole > 0 && decimals > 0 && whole + decimals <= 38
            && (decimals != 3 || whole > 3 || first == UInt8(ascii: "0"))
    }

    /// Takes a day, or a moment, into account.
    public mutating func addDay(_ text: String, row: Int, column: String) {
        guard (try? CalendarDay(parsing: text)) == nil, let shape = try? DayShape(text), shape.plainDay == nil
        else { return }
        hasNumericDay = true
        isDotted = isDotted && shape.isDotted
        let place = Place(row: row, column: column, text: text)
        let left = possibleOrders.intersection(shape.days.keys)
        guard !left.isEmpty else {
            excludedDay = excludedDay ?? place
            return
        }
        possibleOrders = left
        for (first, second) in [
            (DayOrder.dayMonthYear, DayOrder.monthDayYear), (.dayMonthYear, .yearMonthDay),
            (.monthDayYear, .yearMonthDay),
        ] where shape.days[first] != shape.days[second] {
            openDays[[first, second]] = openDays[[first, second]] ?? place
        }
    }

    /// What the file's figures and days mean; throws what has to be asked for, or why the file cannot be
    /// read.
    public func format(separator: CSVSeparator) throws(RefusedRows) -> TabularFormat {
        let mark = Result { () throws(RowFault) in try decimalMark(separator) }
        let order = Result { () throws(RowFault) in try dayOrder() }
        switch (mark, order) {
        case (.success(let mark), .success(let order)):
            return TabularFormat(
                figures: FigureFormat(decimalMark: mark), days: DayFormat(order: order, zone: stated.zone))
        case (.failure(let first), .failure(let second)): throw RefusedRows([first, second])
        case (.failure(let fault), _), (_, .failure(let fault)): throw RefusedRows([fault])
        }
    }

    private func decimalMark(_ separator: CSVSeparator) throws(RowFault) -> FigureFormat.DecimalMark {
        if let mark = stated.decimalMark { return mark }
        if let point = provingFigures[.point], let comma = provingFigures[.comma] {
            let (first, second) = point.row <= comma.row ? (point, comma) : (comma, point)
            throw RowFault(
                row: second.row, column: second.column,
                "is \(second.text), and row \(first.row) has \(first.text): one has a decimal comma, and the other a "
                    + "decimal point. Give decimal_mark to see the rows that do not fit")
        }
        if provingFigures[.point] != nil { return .point }
        if provingFigures[.comma] != nil { return .comma }
        // Whoever writes decimal commas does not separate fields by commas, unless the figures are in quotes.
        guard let open = separator == .comma ? openCommaFigure : openFigure else { return .point }
        let readings = FigureFormat.DecimalMark.allCases.map { mark in
            (mark.rawValue, FigureFormat(decimalMark: mark).reading(of: open.text))
        }
        throw question("decimal_mark", open, readings)
    }

    private func dayOrder() throws(RowFault) -> DayOrder? {
        if let order = stated.dayOrder { return order }
        guard hasNumericDay else { return nil }
        if let day = excludedDay {
            throw RowFault(
                row: day.row, column: day.column,
                "is \(day.text), which does not fit the order of day, month and year in the rows before it")
        }
        let orders = possibleOrders.sorted()
        // With points, the month stands first hardly anywhere.
        if isDotted, orders.contains(.dayMonthYear) { return .dayMonthYear }
        let open = openDays.filter { $0.key.isSubset(of: possibleOrders) }.values.min { $0.row < $1.row }
        guard let open, let shape = try? DayShape(open.text) else { return orders.first }
        throw question(
            "day_order", open,
            orders.compactMap { order in shape.days[order].map { (order.rawValue, "\($0)") } })
    }

    private func question(
        _ parameter: String, _ place: Place, _ readings: [(answer: String, reading: String)]
    ) -> RowFault {
        let meanings = readings.map { "\($0.reading) (\(parameter)=\($0.answer))" }.joined(separator: " or ")
        return RowFault(
            row: place.row, column: place.column,
            "is \(place.text.prefix(60)), which is \(meanings), and nothing in the file says which",
            question: FormatQuestion(
                parameter: parameter, readings: Dictionary(readings) { first, _ in first }))
    }
}
