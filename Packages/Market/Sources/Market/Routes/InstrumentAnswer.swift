import ExactTypes
import Foundation
import SharedTypes

/// An instrument as the contract shows it: whose it is, is told as shared or private.
struct InstrumentAnswer: Encodable {
    let id: Instrument.ID
    let visibility: String
    let source: String
    let exchange: String
    let symbol: String
    let name: String
    let `class`: InstrumentClass
    let currency: Currency
    let calendar: String?
    let active: Bool
    let fractionable: Bool
    let revision: Int
    let createdAt: Date
    let updatedAt: Date

    init(_ row: InstrumentRow) {
        id = row.id
        visibility = row.ownerID == nil ? "shared" : "private"
        source = row.source
        exchange = row.exchange
        symbol = row.symbol
        name = row.name
        `class` = row.class
        currency = row.currency
        calendar = row.calendar
        active = row.active
        fractionable = row.fractionable
        revision = row.revision
        createdAt = row.createdAt
        updatedAt = row.updatedAt
    }
}
