import ContractKit
import DatabaseClient
import EventLog
import ExactTypes
import MarketContract
import NIOCore
import ServiceKit
import SharedTypes
import TabularText

/// `/v1/private-instruments`: what a person has that no catalogue knows, and what it costs by their word.
struct PrivateInstrumentRoutes {
    private typealias API = MarketAPI

    /// Eighty years of daily prices.
    private static let maximumFileBytes = 524_288

    let database: Database

    func add(to routes: EndpointRoutes) {
        routes.write(API.ChangePrivateInstrument.self, change)
        routes.write(API.RemovePrivateInstrument.self, remove)
        routes.once(API.MergePrivateInstrument.self, merge)
        routes.read(API.ListOwnerPrices.self, listPrices)
        routes.write(API.PutOwnerPrice.self, putPrice)
        routes.write(API.DeleteOwnerPrice.self, deletePrice)
        routes.once(
            API.ImportOwnerPrices.self, upTo: Self.maximumFileBytes, within: .seconds(60), importFile)
    }

    @Sendable private func change(
        _ call: Call<API.ChangePrivateInstrument>, _ operation: OperationContext
    ) async throws -> API.ChangePrivateInstrument.Output {
        let change = PrivateInstrumentChange(
            name: call.body.name, instrumentClass: call.body.class, currency: call.body.currency)
        let row = try await changePrivateInstrument(
            call.parameters.instrumentID, to: change, in: operation, check: call.requireMatch(revision:))
        return .ok(API.Instrument(row), etag: ETag(revision: row.revision))
    }

    @Sendable private func remove(
        _ call: Call<API.RemovePrivateInstrument>, _ operation: OperationContext
    ) async throws -> API.RemovePrivateInstrument.Output {
        try await removePrivateInstrument(
            call.parameters.instrumentID, in: operation, check: call.requireMatch(revision:))
        return .noContent
    }

    @Sendable private func merge(
        _ call: Call<API.MergePrivateInstrument>, _ operation: OperationContext
    ) async throws -> API.MergePrivateInstrument.Output {
        let row = try await mergePrivateInstrument(
            call.parameters.instrumentID, into: call.body.into, in: operation)
        return .ok(API.Instrument(row), etag: ETag(revision: row.revision))
    }

    @Sendable private func listPrices(
        _ call: Call<API.ListOwnerPrices>
    ) async throws -> API.ListOwnerPrices.Output {
        let page = try call.page(CalendarDay.self)
        let days = try DayPage(from: call.parameters.from, to: call.parameters.to, after: page.after)
        let (currency, prices) = try await listOwnerPrices(
            of: call.parameters.instrumentID, for: call.user, from: days.first, to: days.last,
            limit: page.rowLimit, on: database.acting(as: call.user.uuid))
        let (rows, next) = page.shown(prices) { $0.day }
        return .ok(
            API.OwnerPricePage(
                currency: currency, items: rows.map { API.OwnerPrice(day: $0.day, price: $0.price) },
                next: next))
    }

    @Sendable private func putPrice(
        _ call: Call<API.PutOwnerPrice>, _ operation: OperationContext
    ) async throws -> API.PutOwnerPrice.Output {
        let (day, price) = (call.parameters.day, call.body.price)
        try await putOwnerPrice(price, of: call.parameters.instrumentID, on: day, in: operation)
        return .ok(API.OwnerPrice(day: day, price: price))
    }

    @Sendable private func deletePrice(
        _ call: Call<API.DeleteOwnerPrice>, _ operation: OperationContext
    ) async throws -> API.DeleteOwnerPrice.Output {
        try await deleteOwnerPrice(
            of: call.parameters.instrumentID, on: call.parameters.day, in: operation)
        return .noContent
    }

    @Sendable private func importFile(
        _ call: Call<API.ImportOwnerPrices>, _ bytes: ByteBuffer, _ operation: OperationContext
    ) async throws -> API.ImportOwnerPrices.Output {
        let parameters = call.parameters
        return .ok(
            API.ImportSummary(
                try await importOwnerPrices(
                    of: parameters.instrumentID, in: parameters.currency,
                    stated: StatedFormat(parameters.decimalMark, parameters.dayOrder),
                    from: ImportUpload(bytes: bytes).file, in: operation)))
    }
}
