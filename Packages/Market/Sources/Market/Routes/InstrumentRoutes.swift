import ContractKit
import DatabaseClient
import EventLog
import ExactTypes
import MarketContract
import ServiceKit
import SharedTypes

/// `/v1/instruments`, `/v1/instrument-search` and `/v1/adoption-candidates`.
struct InstrumentRoutes {
    private typealias API = MarketAPI

    let database: Database

    func add(to routes: EndpointRoutes) {
        routes.read(API.ListInstruments.self, list)
        routes.read(API.SearchInstruments.self, search)
        routes.once(API.CreateInstrument.self, create)
        routes.read(API.FindInstrument.self, find)
        routes.write(API.ChangeInstrument.self, change)
        routes.once(API.AdoptInstrument.self, adopt)
        routes.read(API.ListAdoptionCandidates.self, listCandidates)
    }

    @Sendable private func list(_ call: Call<API.ListInstruments>) async throws -> API.ListInstruments.Output
    {
        let parameters = call.parameters
        let filter = InstrumentFilter(
            symbol: parameters.symbol, search: parameters.search, instrumentClass: parameters.class)
        let page = try call.page(String.self, Instrument.ID.self)
        let rows = try await listInstruments(
            filter, for: call.user, after: page.after ?? ("", .lowest), limit: page.rowLimit,
            on: database.acting(as: call.user.uuid))
        return .ok(page.answer(rows, API.Instrument.init) { ($0.symbol, $0.id) })
    }

    @Sendable private func search(
        _ call: Call<API.SearchInstruments>
    ) async throws -> API.SearchInstruments.Output {
        let rows = try await searchInstruments(
            call.parameters.query, for: call.user, limit: call.parameters.limit,
            on: database.acting(as: call.user.uuid))
        return .ok(API.InstrumentsFound(items: rows.map(API.Instrument.init)))
    }

    @Sendable private func find(_ call: Call<API.FindInstrument>) async throws -> API.FindInstrument.Output {
        let row = try await findInstrument(
            call.parameters.instrumentID, for: call.user, on: database.acting(as: call.user.uuid))
        return .ok(API.Instrument(row), etag: ETag(revision: row.revision))
    }

    @Sendable private func create(
        _ call: Call<API.CreateInstrument>, _ operation: OperationContext
    ) async throws -> API.CreateInstrument.Output {
        let body = call.body
        let draft = InstrumentDraft(
            listing: try Listing(source: body.source, exchange: body.exchange, symbol: body.symbol),
            name: body.name, instrumentClass: body.class, currency: body.currency.currency,
            isin: body.isin, isFractionable: body.fractionable)
        let row = try await createInstrument(draft, in: operation)
        return .created(
            API.Instrument(row), location: "/v1/instruments/\(row.id)", etag: ETag(revision: row.revision))
    }

    @Sendable private func change(
        _ call: Call<API.ChangeInstrument>, _ operation: OperationContext
    ) async throws -> API.ChangeInstrument.Output {
        let body = call.body
        let change = InstrumentChange(
            name: body.name, instrumentClass: body.class,
            calendar: body.calendar.flatMap { CalendarChoice(rawValue: $0.rawValue) },
            isin: body.isin, isActive: body.active, isFractionable: body.fractionable)
        let row = try await changeInstrument(
            call.parameters.instrumentID, to: change, in: operation, check: call.requireMatch(revision:))
        return .ok(API.Instrument(row), etag: ETag(revision: row.revision))
    }

    @Sendable private func adopt(
        _ call: Call<API.AdoptInstrument>, _ operation: OperationContext
    ) async throws -> API.AdoptInstrument.Output {
        let row = try await adoptInstrument(
            call.parameters.instrumentID, name: call.body.name, instrumentClass: call.body.class,
            in: operation)
        return .ok(API.Instrument(row), etag: ETag(revision: row.revision))
    }

    @Sendable private func listCandidates(
        _ call: Call<API.ListAdoptionCandidates>
    ) async throws -> API.ListAdoptionCandidates.Output {
        let page = try call.page(Instrument.ID.self)
        let rows = try await listAdoptionCandidates(
            after: page.after ?? .lowest, limit: page.rowLimit, on: database.acting(as: call.user.uuid))
        return .ok(page.answer(rows, API.AdoptionCandidate.init) { $0.instrumentID })
    }
}

extension MarketAPI.Instrument {
    /// Whose it is, is shown as shared or private.
    init(_ row: InstrumentRow) {
        self.init(
            id: row.id, visibility: row.ownerID == nil ? .shared : .private, source: row.source,
            exchange: row.exchange, symbol: row.symbol, name: row.name, class: row.class,
            currency: row.currency, calendar: row.calendar, isin: row.isin,
            assumedSessions: row.calendar == nil ? .init(TradingSessions.Assumption(for: row.class)) : nil,
            active: row.active, fractionable: row.fractionable, revision: row.revision,
            createdAt: row.createdAt,
            updatedAt: row.updatedAt)
    }
}

extension MarketAPI.AdoptionCandidate {
    /// A private instrument as an operator sees it, who may adopt it.
    fileprivate init(_ row: ListAdoptionCandidatesRow) {
        self.init(
            instrumentID: row.instrumentID, source: row.source, exchange: row.exchange, symbol: row.symbol,
            currency: row.currency, owners: row.owners)
    }
}
