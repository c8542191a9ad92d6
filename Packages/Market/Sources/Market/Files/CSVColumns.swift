import ExactTypes
import TabularText

/// Where the columns of a file are, by its header.
struct CSVColumns: Sendable {
    /// Columns of the file that nobody asked for.
    let ignored: [String]
    private let header: [String]
    private let positions: [String: Int]

    /// Finds the columns by name, in either case. The first column may go without a name where the caller says
    /// which one it then is.
    init(
        header row: CSVRow, required: [String], optional: [String] = [], unnamedFirst: String? = nil
    ) throws(ImportFault) {
        var header = row.fields
        if header.first == "", let unnamedFirst { header = [unnamedFirst] + header.dropFirst() }
        var positions: [String: Int] = [:]
        for (position, name) in header.enumerated() where !name.isEmpty {
            guard positions.updateValue(position, forKey: name.lowercased()) == nil else {
                throw ImportFault(row, column: name, "is there twice")
            }
        }
        for name in required where positions[name.lowercased()] == nil {
            throw ImportFault(row, column: name, "is missing in the header")
        }
        let known = Set((required + optional).map { $0.lowercased() })
        ignored = header.filter { !known.contains($0.lowercased()) }
        self.header = header
        self.positions = positions
    }

    /// Whether the file has such a column.
    func contains(_ name: String) -> Bool { positions[name.lowercased()] != nil }

    /// Refuses a row that has another number of fields than the header.
    func check(_ row: CSVRow) throws(ImportFault) {
        guard row.fields.count == header.count else {
            throw ImportFault(row, "has \(row.fields.count) fields where the header has \(header.count)")
        }
    }

    /// The field of a row, read by `parse`; its error becomes a fault that names the column.
    func read<Value>(
        _ name: String, of row: CSVRow, _ parse: (String) throws(ParseError) -> Value
    ) throws(ImportFault) -> Value {
        guard let position = positions[name.lowercased()], let title = header.dropFirst(position).first else {
            throw ImportFault(row, column: name, "is missing in the header")
        }
        guard let field = row.fields.dropFirst(position).first else {
            throw ImportFault(row, column: title, "is missing in the row")
        }
        do {
            return try parse(field)
        } catch {
            throw ImportFault(row, column: title, error.reason)
        }
    }
}
