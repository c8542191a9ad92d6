import ExactTypes
import TabularText

/// Where the columns of a file are, by its header.
struct CSVColumns: Sendable {
    /// Columns of the file that nothing is read from.
    let ignored: [String]
    private let header: [String]
    private let positions: [String: Int]

    /// Finds the columns by name, in either case. The first column may go without a name where the caller
    /// says which one it then is.
    init(
        header row: CSVRow, required: [String], optional: [String] = [], unnamedFirst: String? = nil
    ) throws(RowFault) {
        var header = row.fields
        if header.first == "", let unnamedFirst { header = [unnamedFirst] + header.dropFirst() }
        var positions: [String: Int] = [:]
        for (position, name) in header.enumerated() where !name.isEmpty {
            guard positions.updateValue(position, forKey: name.lowercased()) == nil else {
                throw RowFault(row: row.line, column: name, "is there twice")
            }
        }
        for name in required where positions[name.lowercased()] == nil {
            throw RowFault(row: row.line, column: name, "is missing in the header")
        }
        let known = Set((required + optional).map { $0.lowercased() })
        ignored = header.filter { !known.contains($0.lowercased()) }
        self.header = header
        self.positions = positions
    }

    /// Whether the file has such a column.
    func contains(_ name: String) -> Bool { positions[name.lowercased()] != nil }

    /// Refuses a row that has another number of fields than the header.
    func check(_ row: CSVRow) throws(RowFault) {
        guard row.fields.count == header.count else {
            throw RowFault(
                row: row.line, "has \(row.fields.count) fields where the header has \(header.count)")
        }
    }

    /// The column's title and the field of a row; nil where there is none.
    func field(_ name: String, of row: CSVRow) -> (title: String, text: String)? {
        guard let position = positions[name.lowercased()], let title = header.dropFirst(position).first,
            let text = row.fields.dropFirst(position).first
        else { return nil }
        return (title, text)
    }

    /// The field of a row, read by `parse`; its error becomes a fault that names the column.
    func read<Value>(
        _ name: String, of row: CSVRow, _ parse: (String) throws(ParseError) -> Value
    ) throws(RowFault) -> Value {
        guard let field = field(name, of: row) else {
            throw RowFault(row: row.line, column: name, "is missing in the row")
        }
        do {
            return try parse(field.text)
        } catch {
            throw RowFault(row: row.line, column: field.title, error.reason)
        }
    }
}
