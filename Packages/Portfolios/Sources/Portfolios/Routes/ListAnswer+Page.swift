import ContractKit
import ExactTypes
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
        try decode(cursor, as: Identifier<E>.self)
    }

    static func decode<E>(_ cursor: String, at entity: E.Type) throws(Problem) -> ListPosition<E> {
        let (at, id) = try decode(cursor, as: Int64.self, Identifier<E>.self)
        return ListPosition(at: try moment(at), id: id)
    }

    static func encode(_ position: LotPosition) -> String {
        encode(["\(position.instrumentID)", position.lot.at.microsecondsSince1970, "\(position.lot.id)"])
    }

    static func decode(lots cursor: String) throws(Problem) -> LotPosition {
        let (instrument, at, lot) = try decode(cursor, as: Instrument.ID.self, Int64.self, Lot.ID.self)
        return LotPosition(instrumentID: instrument, lot: ListPosition(at: try moment(at), id: lot))
    }

    private static func moment(_ microseconds: Int64) throws(Problem) -> Date {
        // The range of the calendar's days, so that every moment fits the database's.
        let bounds: ClosedRange<Int64> = -62_135_596_800_000_000...253_402_300_800_000_000
        guard bounds.contains(microseconds) else { throw foreign }
        return Date(timeIntervalSince1970: Double(microseconds) / 1_000_000)
    }
}

extension Date {
    /// In microseconds, as the database keeps it; exact for every date that it can keep.
    fileprivate var microsecondsSince1970: String {
        String(Int64((timeIntervalSince1970 * 1_000_000).rounded()))
    }
}
