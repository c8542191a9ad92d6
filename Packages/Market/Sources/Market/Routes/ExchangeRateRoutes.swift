import DatabaseClient
import ExactTypes
import Foundation
import Hummingbird
import ServiceKit
import SharedTypes
import TabularText

/// `/v1/exchange-rates` and `/v1/exchange-rate-imports`.
struct ExchangeRateRoutes {
    let database: Database
    let now: @Sendable () -> Date

    func add(to router: ServiceRouter) {
        router.get("/v1/exchange-rates", use: find)
        router.post("/v1/exchange-rate-imports", use: importFile)
    }

    private struct RateAnswer: Encodable {
        let base: Currency
        let quote: Currency
        let day: CalendarDay
        let rate: ExchangeRate
        let asOf: CalendarDay
        let path: [String]
    }

    @Sendable private func find(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let user = try context.user()
        let query = try Fields.query(of: request)
        let base = try query.currency("base")
        let quote = try query.currency("quote")
        let day = try query.optionalDay("day") ?? CalendarDay(utc: now())
        try query.finish()
        let found = try await findExchangeRate(
            from: base, to: quote, on: day, in: database.acting(as: user.userID.uuid))
        return try .json(
            RateAnswer(
                base: base, quote: quote, day: day, rate: found.rate, asOf: found.asOf, path: found.path))
    }

    @Sendable private func importFile(_ request: Request, _ context: ServiceContext) async throws -> Response
    {
        _ = try context.operator()
        let query = try Fields.query(of: request)
        let source = try query.optionalString("source", length: 1...40) ?? BarImport.defaultSource
        let stated = try StatedFormat(query)
        try query.finish()
        let upload = try await ImportUpload.read(request, context)
        return try await Idempotency.perform(
            request, context, operation: "importExchangeRates", body: upload.bytes,
            on: database, now: now()
        ) { operation in
            try .json(
                try await importExchangeRates(
                    source: source, stated: stated, from: upload.file, in: operation))
        }
    }
}
