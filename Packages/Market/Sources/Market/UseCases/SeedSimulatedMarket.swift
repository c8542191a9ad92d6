import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

extension MarketModule {
    /// Puts an invented market into the catalogue, as shared instruments of the source `SIMULATED`. Again with the
    /// same seed it adds the days that are missing and changes nothing else.
    ///
    /// - Returns: how many bars and rates were read, and how many of them were new or differed.
    public func seedSimulatedMarket(_ market: SimulatedMarket) async throws -> ImportProgress {
        try await database.transaction { transaction in
            try await Market.seedSimulatedMarket(
                market, in: OperationContext(user: nil, transaction: transaction, now: now()))
        }
    }
}

func seedSimulatedMarket(
    _ market: SimulatedMarket, in context: OperationContext
) async throws -> ImportProgress {
    let (transaction, now) = (context.transaction, context.now)
    try await transaction.lockBarImports()
    try await transaction.lockExchangeRateImports()
    for instrument in SimulatedMarket.instruments {
        _ = try await transaction.insertInstrument(
            instrumentID: .version7(at: now), source: SimulatedMarket.source, exchange: "",
            symbol: instrument.symbol,
            name: instrument.name, class: instrument.instrumentClass, currency: instrument.currency,
            isin: nil,
            fractionable: true, now: now)
    }
    let listings = try await transaction.findListings(
        source: SimulatedMarket.source, exchange: "", symbols: SimulatedMarket.instruments.map(\.symbol))
    var progress = ImportProgress()
    for listing in listings {
        let bars = market.bars[listing.symbol] ?? []
        let counts = try await transaction.writePriceBars(
            bars.map { NewPriceBar($0, of: listing.id) }, source: SimulatedMarket.source, adjusted: .raw,
            now: now)
        progress.read += bars.count
        progress.inserted += counts.inserted
        progress.updated += counts.updated
    }
    let rates = market.rates
    let counts = try await transaction.writeExchangeRates(
        rates.map(NewExchangeRate.init), source: SimulatedMarket.source, now: now)
    progress.read += rates.count
    progress.inserted += counts.inserted
    progress.updated += counts.updated
    return progress
}
