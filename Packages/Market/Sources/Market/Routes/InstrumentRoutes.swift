import DatabaseClient
import ExactTypes
import Foundation
import HTTPTypes
import Hummingbird
import ServiceKit
import SharedTypes

/// `/v1/instruments` and `/v1/adoption-candidates`.
struct InstrumentRoutes {
    let database: Database
    let now: @Sendable () -> Date

    func add(to router: ServiceRouter) {
        router.get("/v1/instruments", use: list)
        router.post("/v1/instruments", use: create)
        router.get("/v1/instruments/{instrument_id}", use: find)
        router.patch("/v1/instruments/{instrument_id}", use: change)
        router.post("/v1/instruments/{instrument_id}/adopt", use: adopt)
        router.get("/v1/adoption-candidates", use: listCandidates)
    }

    @Sendable private func list(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let user = try context.user()
        let query = try Fields.query(of: request)
        let filter = InstrumentFilter(
            symbol: try query.optionalString("symbol", length: 1...100),
            search: try query.optionalString("search", length: 1...100),
            instrumentClass: try query.optionalEnumeration("class", InstrumentClass.self))
        let page = try PageQuery.read(from: query)
        try query.finish()
        let after =
            try page.after.map { try Cursor.decode($0, as: String.self, Instrument.ID.self) } ?? ("", .lowest)
        // One row more than the page holds tells whether there is a next one.
        let rows = try await listInstruments(
            filter, for: user.userID, after: after, limit: page.limit + 1,
            on: database.acting(as: user.userID.uuid))
        return try .json(
            ListAnswer(rows, limit: page.limit, InstrumentAnswer.init) {
                Cursor.encode([$0.symbol, $0.id.description])
            })
    }

    @Sendable private func find(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let user = try context.user()
        let id = try context.identifier("instrument_id", Instrument.self)
        let row = try await findInstrument(
            id, for: user.userID, on: database.acting(as: user.userID.uuid))
        if request.isNotModified(revision: row.revision) { return .notModified(revision: row.revision) }
        return try answer(row)
    }

    @Sendable private func create(_ request: Request, _ context: ServiceContext) async throws -> Response {
        _ = try context.operator()
        let body = try await Fields.body(of: request, context: context)
        let draft = InstrumentDraft(
            listing: try Listing(
                source: try body.string("source", length: 1...40),
                exchange: try body.optionalString("exchange", length: 0...20) ?? "",
                symbol: try body.string("symbol", length: 1...100)),
            name: try body.string("name", length: 1...200),
            instrumentClass: try body.enumeration("class", InstrumentClass.self),
            currency: try body.currencyUnit("currency").currency,
            isFractionable: try body.optionalBool("fractionable") ?? true)
        try body.finish()
        return try await Idempotency.perform(
            request, context, operation: "createInstrument", body: body, on: database, now: now()
        ) { operation in
            let row = try await createInstrument(draft, in: operation)
            return try answer(row, status: .created, headers: [.location: "/v1/instruments/\(row.id)"])
        }
    }

    @Sendable private func change(_ request: Request, _ context: ServiceContext) async throws -> Response {
        _ = try context.operator()
        let id = try context.identifier("instrument_id", Instrument.self)
        let body = try await Fields.body(of: request, context: context)
        let change = InstrumentChange(
            name: try body.optionalString("name", length: 1...200),
            instrumentClass: try body.optionalEnumeration("class", InstrumentClass.self),
            calendar: try body.optionalEnumeration("calendar", CalendarChoice.self),
            isActive: try body.optionalBool("active"),
            isFractionable: try body.optionalBool("fractionable"))
        try body.finish()
        let row = try await context.write(on: database, at: now()) { operation in
            try await changeInstrument(id, to: change, in: operation) {
                try request.requireMatch(revision: $0)
            }
        }
        return try answer(row)
    }

    @Sendable private func adopt(_ request: Request, _ context: ServiceContext) async throws -> Response {
        _ = try context.operator()
        let id = try context.identifier("instrument_id", Instrument.self)
        let body = try await Fields.body(of: request, context: context)
        let name = try body.string("name", length: 1...200)
        let instrumentClass = try body.enumeration("class", InstrumentClass.self)
        try body.finish()
        return try await Idempotency.perform(
            request, context, operation: "adoptInstrument", body: body, on: database, now: now()
        ) { operation in
            try answer(
                try await adoptInstrument(id, name: name, instrumentClass: instrumentClass, in: operation))
        }
    }

    @Sendable private func listCandidates(_ request: Request, _ context: ServiceContext) async throws
        -> Response
    {
        let user = try context.operator()
        let page = try PageQuery.read(from: request, context)
        let after = try page.after.map { try Cursor.decode($0, as: Instrument.ID.self) } ?? .lowest
        let rows = try await listAdoptionCandidates(
            after: after, limit: page.limit + 1, on: database.acting(as: user.userID.uuid))
        return try .json(
            ListAnswer(rows, limit: page.limit, AdoptionCandidateAnswer.init) {
                Cursor.encode([$0.instrumentID.description])
            })
    }

    private func answer(
        _ row: InstrumentRow, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) throws -> Response {
        try .json(InstrumentAnswer(row), status: status, revision: row.revision, headers: headers)
    }
}
