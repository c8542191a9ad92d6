import ContractKit
import DatabaseClient
import ExactTypes
import Foundation
import Hummingbird
import ServiceKit
import SharedTypes
import StrictJSON
import TabularText

/// `/v1/instruments/{instrument_id}/bars` and `/v1/bar-imports`.
struct PriceBarRoutes {
    let database: Database
    let now: @Sendable () -> Date

    func add(to router: ServiceRouter) {
        router.get("/v1/instruments/{instrument_id}/bars", use: list)
        router.post("/v1/bar-imports", use: importFile)
    }

    private struct PriceBarPage: Encodable {
        let currency: Currency
        let items: [PriceBarAnswer]
        /// Null on the last page.
        let next: JSONValue
    }

    @Sendable private func list(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let user = try context.user()
        let id = try context.identifier("instrument_id", Instrument.self)
        let query = try Fields.query(of: request)
        let from = try query.optionalDay("from") ?? .first
        let to = try query.optionalDay("to") ?? .last
        let page = try PageQuery.read(from: query, default: 250, maximum: 1_000)
        try query.finish()
        guard from <= to else { throw Problem.invalid("to", "lies before from") }
        let after = try page.after.map { try Self.day(after: $0) }

        let (currency, bars) = try await listPriceBars(
            of: id, for: user.userID, from: max(from, after ?? from), to: to, limit: page.limit + 1,
            on: database.acting(as: user.userID.uuid))
        let shown = Array(bars.prefix(page.limit))
        let next = bars.count > page.limit ? shown.last : nil
        return try .json(
            PriceBarPage(
                currency: currency, items: shown.map(PriceBarAnswer.init),
                next: next.map { .string(Cursor.encode([$0.day.description])) } ?? .null))
    }

    /// The day on which the page behind a cursor begins.
    private static func day(after cursor: String) throws -> CalendarDay {
        let text = try Cursor.decode(cursor, as: String.self)
        guard let day = try? CalendarDay(parsing: text).advanced(by: 1) else { throw Cursor.foreign }
        return day
    }

    @Sendable private func importFile(_ request: Request, _ context: ServiceContext) async throws -> Response
    {
        _ = try context.operator()
        let query = try Fields.query(of: request)
        let plan = BarImport(
            symbol: try query.optionalString("symbol", length: 1...100),
            source: try query.optionalString("source", length: 1...40) ?? BarImport.defaultSource,
            exchange: try query.optionalString("exchange", length: 0...20) ?? "",
            unit: try query.optionalCurrencyUnit("currency"),
            instrumentClass: try query.optionalEnumeration("class", InstrumentClass.self) ?? .equity,
            stated: try StatedFormat(query))
        try query.finish()
        let upload = try await ImportUpload.read(request, context)
        return try await Idempotency.perform(
            request, context, operation: "importBars", body: upload.bytes, on: database, now: now()
        ) { operation in
            try .json(try await importBars(plan, from: upload.file, in: operation))
        }
    }
}
