/// How a fake vendor misbehaves at a request.
public enum Fault: Sendable, Hashable {
    // On the wire.

    /// A status in place of the answer: 429, 500, 503. `retryAfter` is the header, in seconds.
    case status(Int, retryAfter: Int? = nil)
    /// 200 with a page for people.
    case html
    /// The head of the whole answer and half of its body; then the connection is closed.
    case truncatedBody
    /// Half of the answer as if it were the whole: right on the wire, and cut within.
    case halfDocument
    /// Nothing, for as long as the other side waits.
    case noAnswer
    /// The answer, one byte at a time, with a pause of so many milliseconds after each.
    case slowDrip(milliseconds: Int)
    /// The connection is closed without a word.
    case closedConnection
    /// Twice so many bytes as the other side should take: blanks before the answer.
    case padded(bytes: Int)

    // In the figures. Each vendor applies them to its rows.

    /// The last row of the answer a second time.
    case repeatedRow
    /// The last row a second time, with another figure.
    case contradictingRow
    /// The rows in the opposite order.
    case reorderedRows
    /// The rows but every third one.
    case droppedRows
    /// A figure that no price can be: a close of zero.
    case impossibleRow
    /// A token for the next page that the vendor itself will not take.
    case wrongPageToken
}

extension Fault {
    /// What becomes of the rows of an answer.
    func applied<Row>(to rows: [Row], contradicting: (Row) -> Row, impossible: (Row) -> Row) -> [Row] {
        guard let last = rows.last else { return rows }
        switch self {
        case .repeatedRow: return rows + [last]
        case .contradictingRow: return rows + [contradicting(last)]
        case .reorderedRows: return rows.reversed()
        case .droppedRows: return rows.enumerated().filter { $0.offset % 3 != 2 }.map(\.element)
        case .impossibleRow: return rows.dropLast() + [impossible(last)]
        default: return rows
        }
    }
}
