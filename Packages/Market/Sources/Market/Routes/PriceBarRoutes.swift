import ContractKit
import DatabaseClient
import EventLog
import ExactTypes
import MarketContract
import NIOCore
import ServiceKit
import SharedTypes
import TabularText

/// `/v1/instruments/{instrument_id}/bars` and `/v1/bar-imports`.
struct PriceBarRoutes {
    private typealias API = MarketAPI

    let database: Database

    func add(to routes: EndpointRoutes) {
        routes.read(API.ListPriceBars.self, list)
        routes.once(API.ImportBars.self, upTo: ImportUpload.maximumBytes, within: .seconds(300), importFile)
    }

    @Sendable private func list(_ call: Call<API.ListPriceBars>) async throws -> API.ListPriceBars.Output {
        let parameters = call.parameters
        let page = try call.page(CalendarDay.self)
        let days = try DayPage(from: parameters.from, to: parameters.to, after: page.after)
        let (currency, bars) = try await listPriceBars(
            of: parameters.instrumentID, for: call.user, from: days.first, to: days.last,
            limit: page.rowLimit, on: database.acting(as: call.user.uuid))
        let (rows, next) = page.shown(bars) { $0.day }
        return .ok(
            API.PriceBarPage(currency: currency, items: rows.map(API.PriceBarPage.Item.init), next: next))
    }

    @Sendable private func importFile(
        _ call: Call<API.ImportBars>, _ bytes: ByteBuffer, _ operation: OperationContext
    ) async throws -> API.ImportBars.Output {
        let parameters = call.parameters
        let plan = BarImport(
            symbol: parameters.symbol, source: parameters.source, exchange: parameters.exchange,
            unit: parameters.currency, instrumentClass: parameters.class,
            adjusted: parameters.adjusted,
            stated: StatedFormat(parameters.decimalMark, parameters.dayOrder))
        return .ok(
            API.ImportSummary(
                try await importBars(plan, from: ImportUpload(bytes: bytes).file, in: operation)))
    }
}

extension MarketAPI.PriceBarPage.Item {
    /// A daily bar.
    fileprivate init(_ row: ListPriceBarsRow) {
        self.init(
            day: row.day, open: row.open, high: row.high, low: row.low, close: row.close,
            volume: row.volume, source: row.source, adjusted: row.adjusted)
    }
}
