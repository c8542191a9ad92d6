import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

extension MarketModule {
    /// Puts the instruments of the invented market into the catalogue, as shared ones of the source `SIMULATED`. Those that
    /// are there stay as they are.
    public func seedSimulatedInstruments() async throws {
        try await database.transaction { transaction in
            try await Market.seedSimulatedInstruments(
                in: OperationContext(user: nil, transaction: transaction, now: now()))
        }
    }
}

func seedSimulatedInstruments(in context: OperationContext) async throws {
    for instrument in SimulatedMarket.instruments {
        _ = try await context.transaction.insertInstrument(
            instrumentID: .version7(at: context.now), source: SimulatedMarket.source, exchange: "",
            symbol: instrument.symbol, name: instrument.name, class: instrument.instrumentClass,
            currency: instrument.currency, isin: nil, fractionable: true, now: context.now)
    }
}
