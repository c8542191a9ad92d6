import DatabaseClient
import ExactTypes
import Foundation
import PortfoliosContract
import ServiceKit
import SharedTypes

/// Exports the transactions of a portfolio that still count. Imported into a new portfolio they give the same
/// holdings. Throws `.notFound`, and `.notCarried` where the format cannot do that.
func exportActivities(
    from portfolioID: Portfolio.ID, of userID: User.ID, to format: PortfoliosAPI.ActivityFormat,
    using database: Database, turn: HeavyWork.Turn, at now: Date
) async throws -> ExportedFile {
    let steps = try await PortfolioHistory.steps(
        of: portfolioID, of: userID, on: database.acting(as: userID.uuid))
    return try await turn.run(isLong: steps > PortfolioHistory.shortSteps) {
        try await database.transaction(
            as: userID.uuid, isolation: .repeatableRead, readOnly: true
        ) { transaction in
            let portfolio = try await findPortfolio(portfolioID, of: userID, on: transaction)
            let history = try await PortfolioHistory.load(portfolio, on: transaction)
            return (
                history,
                try await transaction.findInstruments(
                    instrumentIDs: Array(history.instrumentIDs), userID: userID)
            )
        }
    } _: { loaded, cancellation in
        let (history, found) = loaded
        let instruments = Dictionary(uniqueKeysWithValues: found.map { ($0.id, $0) })
        let activities = try zip(history.rows, history.entries).map { row, entry in
            try cancellation.check()
            let instrument = entry.instrumentID.flatMap { instruments[$0] }
            return ExportedActivity(
                entry: entry,
                listing: instrument.map {
                    .init(source: $0.source, exchange: $0.exchange, symbol: $0.symbol)
                },
                name: instrument?.name, note: row.note)
        }
        return try file(
            of: activities, from: history, to: format, at: now, checkCancellation: cancellation.check)
    }
}

private func file(
    of activities: [ExportedActivity], from history: PortfolioHistory,
    to format: PortfoliosAPI.ActivityFormat, at now: Date,
    checkCancellation: () throws -> Void
) throws -> ExportedFile {
    let day = CalendarDay(utc: now)
    return switch format {
    case .csv:
        ExportedFile(
            text: ActivityCSV.write(activities), contentType: "text/csv; charset=utf-8",
            name: "grove-\(day).csv")
    case .ghostfolio:
        ExportedFile(
            text: try ghostfolio(
                activities, of: history, at: now, checkCancellation: checkCancellation),
            contentType: "application/json; charset=utf-8",
            name: "grove-\(day).json")
    }
}

/// The text of a Ghostfolio file, which is tried before it is given away.
private func ghostfolio(
    _ activities: [ExportedActivity], of history: PortfolioHistory, at now: Date,
    checkCancellation: () throws -> Void
) throws -> String {
    let symbols = Dictionary(
        activities.compactMap { activity in activity.entry.instrumentID.map { ($0, activity.listing) } },
        uniquingKeysWith: { first, _ in first }
    ).values.map { "\($0?.source ?? "") \($0?.symbol ?? "")" }
    guard Set(symbols).count == symbols.count else {
        throw PortfoliosError.notCarried("Two instruments differ by their exchange alone. Use csv.")
    }
    guard GhostfolioFile.restatements(of: activities) <= GhostfolioFile.maximumRestatements else {
        throw PortfoliosError.notCarried(
            "More than \(GhostfolioFile.maximumRestatements) figures would have to be restated for splits. Use csv."
        )
    }
    let book = try history.book(checkCancellation: checkCancellation)
    let method = history.portfolio.costBasisMethod
    do {
        let (carried, omitted) = try GhostfolioFile.carried(activities, by: book)
        let copy = try PortfolioBook.replay(
            carried.map(\.entry), method: method, tracksCash: false, checkCancellation: checkCancellation)
        for (instrument, original) in book.books
        where original.quantity != copy.books[instrument]?.quantity ?? .zero {
            throw PortfoliosError.notCarried("Quantities restated for splits would not add up. Use csv.")
        }
        return GhostfolioFile.write(carried, omitted: omitted, at: now)
    } catch let fault as LedgerFault {
        throw PortfoliosError.notCarried(
            "Restated for splits, a transaction of \(fault.day) could not stand. Use csv.")
    }
}
