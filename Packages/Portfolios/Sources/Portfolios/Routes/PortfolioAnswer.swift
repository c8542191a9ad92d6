import ExactTypes
import Foundation
import SharedTypes

/// A portfolio as the contract shows it.
struct PortfolioAnswer: Encodable {
    let id: Portfolio.ID
    let name: String
    let kind: PortfolioKind
    let baseCurrency: Currency
    let costBasisMethod: CostBasisMethod
    let tracksCash: Bool
    let archivedAt: Date?
    let createdAt: Date
    let updatedAt: Date
    let revision: Int

    init(_ row: PortfolioRow) {
        id = row.id
        name = row.name
        kind = row.kind
        baseCurrency = row.baseCurrency
        costBasisMethod = row.costBasisMethod
        tracksCash = row.tracksCash
        archivedAt = row.archivedAt
        createdAt = row.createdAt
        updatedAt = row.updatedAt
        revision = row.revision
    }
}
