import ExactTypes
import Foundation
import SharedTypes

/// A private instrument as an operator sees it, who may adopt it.
struct AdoptionCandidateAnswer: Encodable {
    let instrumentID: Instrument.ID
    let source: String
    let exchange: String
    let symbol: String
    let currency: Currency
    let owners: Int

    init(_ row: ListAdoptionCandidatesRow) {
        instrumentID = row.instrumentID
        source = row.source
        exchange = row.exchange
        symbol = row.symbol
        currency = row.currency
        owners = row.owners
    }
}
