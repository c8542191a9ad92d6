import Foundation
import ServiceKit
import SharedTypes

extension ListAnswer {
    init<Row>(_ page: ListPage<Row>, _ item: (Row) -> Item, cursor: (Row) -> String) {
        self.init(items: page.rows.map(item), next: page.hasMore ? page.rows.last.map(cursor) : nil)
    }
}

extension Cursor {
    static func encode<E>(_ position: ListPosition<E>) -> String {
        encode([position.at.microsecondsSince1970, "\(position.id)"])
    }

    static func decode<E>(_ cursor: String, _ entity: E.Type) throws(Problem) -> Identifier<E> {
        try identifier(try decode(cursor, count: 1)[0])
    }

    static func decode<E>(_ cursor: String, at entity: E.Type) throws(Problem) -> ListPosition<E> {
        let values = try decode(cursor, count: 2)
        return ListPosition(at: try moment(values[0]), id: try identifier(values[1]))
    }

    static func encode(_ position: LotPosition) -> String {
        encode(["\(position.instrumentID)", position.lot.at.microsecondsSince1970, "\(position.lot.id)"])
    }

    static func decode(lots cursor: String) throws(Problem) -> LotPosition {
        let values = try decode(cursor, count: 3)
        return LotPosition(
            instrumentID: try identifier(values[0]),
            lot: ListPosition(at: try moment(values[1]), id: try identifier(values[2])))
    }

    private static func identifier<E>(_ text: String) throws(Problem) -> Identifier<E> {
        guard let identifier = Identifier<E>(text) else { throw foreign }
        return identifier
    }

    private static func moment(_ text: String) throws(Problem) -> Date {
        // The range of the calendar's days, so that every moment fits the database's.
        let bounds: ClosedRange<Int64> = -62_135_596_800_000_000...253_402_300_800_000_000
        guard let microseconds = Int64(text), bounds.contains(microseconds) else { throw foreign }
        return Date(timeIntervalSince1970: Double(microseconds) / 1_000_000)
    }

    private static var foreign: Problem { .invalid("after", "is not a cursor of this list") }
}

extension Date {
    /// In microseconds, as the database keeps it; exact for every date that it can keep.
    fileprivate var microsecondsSince1970: String {
        String(Int64((timeIntervalSince1970 * 1_000_000).rounded()))
    }
}
