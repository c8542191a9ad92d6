import DatabaseClient
import ExactTypes
import Foundation
import PortfoliosContract
import ServiceKit
import SharedTypes

/// What an import will do, worked out before its transaction begins.
struct ImportPlan: Sendable {
    /// An instrument that nobody knows yet.
    struct Registration: Sendable {
        let id: Instrument.ID
        let listing: ActivityListing
        let name: String
        let currency: Currency
    }

    /// A private instrument that gets another currency, since nothing counts in its own any more.
    struct Correction: Sendable {
        let id: Instrument.ID
        let currency: Currency
    }

    let report: ImportReport
    /// The books that it was made on: it can be carried out on these alone.
    let booksRevision: Int
    let drafts: [TransactionDraft]
    let registrations: [Registration]
    let corrections: [Correction]
}

/// Works out what an import of a file does to a portfolio, and writes nothing: what of the file the portfolio has
/// from a file before, it does not get again.
///
/// Throws `.notFound` and `.archived`, and a fault of the field `body` where the portfolio would have too many transactions. Rows
/// that cannot stand, by themselves or in the books, are refused in the plan's report.
func planImport(
    of reading: ActivityImport, into portfolioID: Portfolio.ID, of userID: User.ID, on database: Database,
    turn: HeavyWork.Turn, at now: Date
) async throws -> ImportPlan {
    let steps = try await PortfolioHistory.steps(
        of: portfolioID, of: userID, on: database.acting(as: userID.uuid))
    let isLong = reading.report.rows.count + steps > ActivityImport.shortRows
    return try await turn.run(isLong: isLong) {
        // One snapshot, so that the books are those of the revision.
        try await database.transaction(
            as: userID.uuid, isolation: .repeatableRead, readOnly: true
        ) { transaction in
            try await ImportedBooks.load(for: reading, portfolioID, of: userID, on: transaction)
        }
    } _: { books, cancellation in
        var run = reading
        return try run.plan(on: books, at: now, checkCancellation: cancellation.check)
    }
}

/// What an import has to know of a portfolio and of instruments.
struct ImportedBooks: Sendable {
    /// A portfolio with more can be posted to, but its books are no longer replayed for a file.
    static let maximumTransactions = 200_000

    let history: PortfolioHistory
    /// The external ids of the file that the portfolio has already.
    let known: Set<String>
    let resolver: ListingResolver

    var portfolio: PortfolioRow { history.portfolio }

    static func load(
        for reading: ActivityImport, _ portfolioID: Portfolio.ID, of userID: User.ID,
        on database: any QueryExecutor
    ) async throws -> ImportedBooks {
        let portfolio = try await findPortfolio(portfolioID, of: userID, on: database)
        guard portfolio.archivedAt == nil else { throw PortfoliosError.archived }
        let stored = try await database.countTransactions(userID: userID, portfolioID: portfolioID)
        guard stored + reading.report.rows.count <= maximumTransactions else {
            throw FieldError(
                field: "body",
                reason: "would bring the portfolio to more than \(maximumTransactions) transactions")
        }
        let ids = reading.externalIDs
        let known =
            ids.isEmpty
            ? []
            : try await database.findImportedActivities(
                userID: userID, portfolioID: portfolioID, externalSource: reading.report.format.rawValue,
                externalIDs: Array(ids.values), ownIDs: ids.values.compactMap { Transaction.ID($0) })
        return ImportedBooks(
            history: try await PortfolioHistory.load(portfolio, on: database), known: Set(known),
            resolver: try await resolver(reading.currencies, in: portfolio, on: database))
    }

    /// - Parameter currencies: those in which the rows trade, by symbol.
    private static func resolver(
        _ currencies: [String: Set<Currency>], in portfolio: PortfolioRow, on database: any QueryExecutor
    ) async throws -> ListingResolver {
        guard !currencies.isEmpty else { return ListingResolver([]) }
        let held = try await database.listHeldInstruments(
            userID: portfolio.userID, portfolioID: portfolio.id)
        let candidates = try await database.findInstrumentsBySymbol(
            symbols: Array(currencies.keys), userID: portfolio.userID)
        let others = candidates.filter { currencies[$0.symbol]?.contains($0.currency) == false && $0.isOwn }
        let booked =
            others.isEmpty
            ? []
            : try await database.listBookedInstruments(
                userID: portfolio.userID, instrumentIDs: others.map(\.id))
        return ListingResolver(
            candidates.map {
                .init(
                    id: $0.id, source: $0.source, exchange: $0.exchange, symbol: $0.symbol,
                    currency: $0.currency, isOwn: $0.isOwn)
            }, held: Set(held), correctable: Set(others.map(\.id)).subtracting(booked))
    }
}
