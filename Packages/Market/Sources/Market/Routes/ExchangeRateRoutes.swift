import ContractKit
import DatabaseClient
import EventLog
import ExactTypes
import MarketContract
import NIOCore
import ServiceKit
import SharedTypes
import TabularText

/// `/v1/exchange-rates` and `/v1/exchange-rate-imports`.
struct ExchangeRateRoutes {
    private typealias API = MarketAPI

    let database: Database

    func add(to routes: EndpointRoutes) {
        routes.read(API.FindExchangeRate.self, find)
        routes.once(
            API.ImportExchangeRates.self, upTo: ImportUpload.maximumBytes, within: .seconds(300), importFile)
    }

    @Sendable private func find(_ call: Call<API.FindExchangeRate>) async throws
        -> API.FindExchangeRate.Output
    {
        let (base, quote) = (call.parameters.base, call.parameters.quote)
        let day = call.parameters.day ?? CalendarDay(utc: call.now)
        let found = try await findExchangeRate(
            from: base, to: quote, on: day, in: database.acting(as: call.user.uuid))
        return .ok(
            API.ExchangeRate(
                base: base, quote: quote, day: day, rate: found.rate, asOf: found.asOf,
                path: try found.path.map { try Currency(parsing: $0) }))
    }

    @Sendable private func importFile(
        _ call: Call<API.ImportExchangeRates>, _ bytes: ByteBuffer, _ operation: OperationContext
    ) async throws -> API.ImportExchangeRates.Output {
        let parameters = call.parameters
        return .ok(
            API.ImportSummary(
                try await importExchangeRates(
                    source: parameters.source,
                    stated: StatedFormat(parameters.decimalMark, parameters.dayOrder),
                    from: ImportUpload(bytes: bytes).file, in: operation)))
    }
}
