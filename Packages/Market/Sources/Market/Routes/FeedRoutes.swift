import ContractKit
import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import MarketContract
import ServiceKit
import SharedTypes

/// `/v1/price-feeds`, `/v1/stale-prices` and `/v1/price-disagreements`.
struct FeedRoutes {
    private typealias API = MarketAPI

    let database: Database
    /// The names of the providers that this deployment asks.
    let asked: Set<String>

    func add(to routes: EndpointRoutes) {
        routes.read(API.ListFeeds.self, list)
        routes.once(API.CreateFeed.self, create)
        routes.read(API.FindFeed.self, find)
        routes.write(API.ChangeFeed.self, change)
        routes.read(API.ListMissingDays.self, listMissing)
        routes.read(API.ListStalePrices.self, listStale)
        routes.read(API.ListPriceDisagreements.self, listDisagreements)
    }

    @Sendable private func list(_ call: Call<API.ListFeeds>) async throws -> API.ListFeeds.Output {
        let page = try call.page(Feed.ID.self)
        let rows = try await listFeeds(
            of: call.parameters.provider, after: page.after ?? .lowest, limit: page.rowLimit,
            on: database.acting(as: call.user.uuid))
        return .ok(page.answer(rows, { API.Feed($0, asked: asked, at: call.now) }) { $0.id })
    }

    @Sendable private func find(_ call: Call<API.FindFeed>) async throws -> API.FindFeed.Output {
        let row = try await findFeed(call.parameters.feedID, on: database.acting(as: call.user.uuid))
        return .ok(API.Feed(row, asked: asked, at: call.now), etag: ETag(revision: row.revision))
    }

    @Sendable private func create(
        _ call: Call<API.CreateFeed>, _ operation: OperationContext
    ) async throws -> API.CreateFeed.Output {
        let body = call.body
        let id = try await createFeed(
            FeedDraft(
                provider: body.provider, kind: body.kind, instrumentID: body.instrumentID,
                symbol: body.symbol, priority: body.priority, firstDay: body.firstDay), in: operation
        ).id
        let row = try await findFeed(id, on: operation.transaction)
        return .created(
            API.Feed(row, asked: asked, at: operation.now), location: "/v1/price-feeds/\(row.id)",
            etag: ETag(revision: row.revision))
    }

    @Sendable private func change(
        _ call: Call<API.ChangeFeed>, _ operation: OperationContext
    ) async throws -> API.ChangeFeed.Output {
        let body = call.body
        let row = try await changeFeed(
            call.parameters.feedID,
            to: FeedChange(priority: body.priority, isActive: body.active, from: body.from), in: operation,
            check: call.requireMatch(revision:))
        return .ok(
            API.Feed(row, asked: asked, at: operation.now), etag: ETag(revision: row.revision))
    }

    @Sendable private func listMissing(
        _ call: Call<API.ListMissingDays>
    ) async throws -> API.ListMissingDays.Output {
        let page = try call.page(CalendarDay.self)
        let rows = try await listMissingDays(
            of: call.parameters.feedID, after: page.after ?? .first, limit: page.rowLimit,
            on: database.acting(as: call.user.uuid))
        return .ok(page.answer(rows, API.MissingDay.init) { $0.day })
    }

    @Sendable private func listStale(
        _ call: Call<API.ListStalePrices>
    ) async throws -> API.ListStalePrices.Output {
        let page = try call.page(Instrument.ID.self)
        let day = try CalendarDay(utc: call.now).advanced(by: -call.parameters.days)
        let rows = try await listStalePrices(
            before: day, after: page.after ?? .lowest, limit: page.rowLimit,
            on: database.acting(as: call.user.uuid))
        return .ok(
            page.answer(rows, { API.StalePrice($0, asked: asked, at: call.now) }) { $0.id })
    }

    @Sendable private func listDisagreements(
        _ call: Call<API.ListPriceDisagreements>
    ) async throws -> API.ListPriceDisagreements.Output {
        let page = try call.page(Instrument.ID.self, CalendarDay.self, String.self)
        let rows = try await listPriceDisagreements(
            after: page.after ?? (.lowest, .first, ""), limit: page.rowLimit,
            on: database.acting(as: call.user.uuid))
        return .ok(
            page.answer(rows, API.PriceDisagreement.init) { ($0.instrumentID, $0.day, $0.provider) })
    }
}

extension MarketAPI.Feed {
    fileprivate init(_ row: ListFeedsRow, asked: Set<String>, at now: Date) {
        let status = FeedStatus(
            isActive: row.active, isAsked: asked.contains(row.provider), failures: row.failures,
            nextDay: row.nextDay, lastDay: FeedSchedule.lastDay(at: now))
        self.init(
            id: row.id, provider: row.provider, kind: row.kind,
            instrument: row.instrument.map {
                MarketAPI.FeedInstrument(
                    id: $0.id, source: $0.source, exchange: $0.exchange, symbol: $0.symbol)
            }, symbol: row.symbol, priority: row.priority, active: row.active,
            status: Status(rawValue: status.rawValue) ?? .failing, firstDay: row.firstDay,
            nextDay: row.nextDay, missingDays: row.missingDays, rowsRead: row.rowsRead,
            rowsRefused: row.rowsRefused, failures: row.failures, error: row.error,
            nextAttemptAt: row.attemptAt, lastSuccessAt: row.succeededAt, revision: row.revision,
            createdAt: row.createdAt, updatedAt: row.updatedAt)
    }
}

extension MarketAPI.MissingDay {
    fileprivate init(_ row: ListFeedGapsRow) {
        self.init(
            day: row.day, attempts: row.attempts,
            nextAttemptAt: row.attempts < FeedSchedule.gapAttempts ? row.attemptAt : nil,
            missingSince: row.createdAt)
    }
}

extension MarketAPI.StalePrice {
    fileprivate init(_ row: ListStalePricesRow, asked: Set<String>, at now: Date) {
        var status: FeedStatus?
        if let provider = row.provider, let nextDay = row.nextDay {
            status = FeedStatus(
                isActive: true, isAsked: asked.contains(provider), failures: row.failures ?? 0,
                nextDay: nextDay, lastDay: FeedSchedule.lastDay(at: now))
        }
        self.init(
            instrument: MarketAPI.FeedInstrument(
                id: row.id, source: row.source, exchange: row.exchange, symbol: row.symbol),
            newestDay: row.newestDay, reason: Reason(rawValue: StaleReason(status).rawValue) ?? .failing,
            feedID: row.feedID, provider: row.provider, error: row.error)
    }
}

extension MarketAPI.PriceDisagreement {
    fileprivate init(_ row: ListPriceDisagreementsRow) {
        self.init(
            instrument: MarketAPI.FeedInstrument(
                id: row.instrumentID, source: row.source, exchange: row.exchange, symbol: row.symbol),
            currency: row.currency, day: row.day, provider: row.provider, offered: row.offered,
            kept: row.kept, keptSource: row.keptSource, since: row.createdAt, updatedAt: row.updatedAt)
    }
}
