import ContractKit
import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import Hummingbird
import NIOCore
import ServiceKit
import SharedTypes
import TabularText

/// `/v1/portfolios/{portfolio_id}/imports`.
struct ImportRoutes {
    /// What a file may have: more than the 20,000 rows of the wordiest export.
    static let maximumBytes = 16_777_216

    /// So much is read within a millisecond or two.
    static let shortBytes = 8_192
    private static let contentTypes = ["application/json", "text/csv"]
    /// How often an import is planned where others change the books meanwhile.
    private static let maximumPlans = 3

    let database: Database
    let events: EventLog
    let heavyWork: HeavyWork
    let now: @Sendable () -> Date

    func add(to router: ServiceRouter) {
        router.post("/v1/portfolios/{portfolio_id}/imports", use: importFile)
    }

    @Sendable private func importFile(_ request: Request, _ context: ServiceContext) async throws -> Response
    {
        let user = try context.user()
        let portfolioID = try context.identifier("portfolio_id", Portfolio.self)
        let query = try Fields.query(of: request)
        let dryRun = try query.optionalBool("dry_run") ?? false
        let stated = try StatedFormat(query)
        try query.finish()
        // A file of this size takes longer than other requests may.
        context.allow(.seconds(120))
        let announced = try request.announcedBytes(
            context, limit: Self.maximumBytes, contentTypes: Self.contentTypes)
        return try await context.whileConnected {
            try await heavyWork.withTurn(for: user.userID) { turn in
                // A file that may be large is read when its turn has come, and not before: of one person, one is held.
                if announced.map({ $0 > Self.shortBytes }) ?? true { try await turn.begin() }
                let now = now()
                switch try await read(request, context, stated, turn: turn, at: now) {
                case .known(let answer): return answer
                case .new(let reading, let once):
                    return turn.held(
                        until: try await answer(
                            reading, into: portfolioID, of: user.userID, dryRun: dryRun, once: once,
                            turn: turn, at: now), to: context)
                }
            }
        }
    }

    /// A file that was read.
    private enum Upload {
        /// Its answer was kept.
        case known(Response)
        case new(ActivityImport, Idempotency)
    }

    /// Reads the file, whose bytes are not held any longer than that.
    private func read(
        _ request: Request, _ context: ServiceContext, _ stated: StatedFormat, turn: HeavyWork.Turn,
        at now: Date
    ) async throws -> Upload {
        let bytes = try await request.bytes(
            context, limit: Self.maximumBytes, contentTypes: Self.contentTypes)
        let isLong = bytes.readableBytes > Self.shortBytes
        let once = try await turn.run(isLong: isLong) { _ in
            try Idempotency(
                request, context, operation: "importActivities", body: bytes, on: database, now: now)
        }
        if let kept = try await once.keptAnswer() { return .known(kept) }
        let isCSV = request.headers[.contentType]?.lowercased().hasPrefix("text/csv") == true
        let reading = try await turn.run(isLong: isLong) { cancellation in
            ActivityImport(
                try isCSV ? Self.csv(bytes, stated, cancellation) : GhostfolioFile.read(bytes, cancellation))
        }
        return .new(reading, once)
    }

    /// Plans the import before a transaction begins, and carries the plan out on the books that it was made on.
    private func answer(
        _ reading: ActivityImport, into portfolioID: Portfolio.ID, of userID: User.ID, dryRun: Bool,
        once: Idempotency, turn: HeavyWork.Turn, at now: Date
    ) async throws -> Response {
        for _ in 0..<Self.maximumPlans {
            let plan = try await planImport(
                of: reading, into: portfolioID, of: userID, on: database, turn: turn, at: now)
            // A dry run writes nothing, so its answer is not kept either: a repetition plans again.
            guard !dryRun else {
                let isLong = plan.report.rows.count > ActivityImport.shortRows
                return try await turn.run(isLong: isLong) { _ in
                    try .json(ImportAnswer(plan.report, dryRun: true))
                }
            }
            do {
                return try await once.perform { operation in
                    try await importActivities(plan, into: portfolioID, events: events, in: operation)
                    return try .json(ImportAnswer(plan.report, dryRun: false))
                }
            } catch PortfoliosError.booksChanged {
                continue
            }
        }
        throw PortfoliosError.booksChanged
    }

    private static func csv(
        _ bytes: ByteBuffer, _ stated: StatedFormat, _ cancellation: HeavyWork.Cancellation
    ) throws -> ActivityFile {
        do {
            return try ActivityCSV.read(bytes, stated: stated, checkCancellation: cancellation.check)
        } catch let refused as RefusedRows {
            throw PortfoliosError.rowsRefused(refused.faults)
        }
    }
}

extension StatedFormat {
    /// What the parameters of an import say of how its file writes figures and days.
    fileprivate init(_ query: Fields) throws(Problem) {
        self.init(
            decimalMark: try query.optionalEnumeration("decimal_mark", FigureFormat.DecimalMark.self),
            dayOrder: try query.optionalEnumeration("day_order", DayOrder.self),
            zone: try Self.zone(query))
    }

    private static func zone(_ query: Fields) throws(Problem) -> IANATimeZone {
        guard let name = try query.optionalString("time_zone", length: 1...64) else { return .utc }
        do throws(ParseError) {
            return try IANATimeZone(parsing: name)
        } catch {
            throw query.invalid("time_zone", error.reason)
        }
    }
}

/// What an import did, as the contract shows it. Rows are shown by a dry run alone.
private struct ImportAnswer: Encodable {
    struct Row: Encodable {
        let row: Int
        let status: String
        let column: String?
        let reason: String?
        let type: TransactionType?
        let symbol: String?
        let quantity: Quantity?
        let amount: FixedDecimal?
        let fee: FixedDecimal?
        let currency: Currency?
        let executedAt: Date?
    }

    struct Listing: Encodable {
        let source: String
        let exchange: String
        let symbol: String
    }

    let format: String
    let dryRun: Bool
    let new: Int
    let known: Int
    let refused: Int
    let registeredInstruments: [Listing]
    let ignored: [String]
    let rows: [Row]?

    init(_ report: ImportReport, dryRun: Bool) {
        format = report.source
        self.dryRun = dryRun
        new = report.count(.new)
        known = report.count(.known)
        refused = report.faults.count
        registeredInstruments = report.registered.map {
            Listing(source: $0.source ?? "", exchange: $0.exchange, symbol: $0.symbol)
        }
        ignored = report.ignored
        rows = dryRun ? report.rows.map(Row.init) : nil
    }
}

extension ImportAnswer.Row {
    init(_ row: ImportReport.Row) {
        let fault: RowFault?
        switch row.outcome {
        case .new: (status, fault) = ("new", nil)
        case .known: (status, fault) = ("known", nil)
        case .refused(let reason): (status, fault) = ("refused", reason)
        }
        self.row = row.number
        column = fault?.column
        reason = fault?.reason
        type = row.activity?.type
        symbol = row.activity?.listing?.symbol
        quantity = row.activity?.quantity
        amount = row.activity?.grossAmount
        fee = row.activity?.fee
        currency = row.activity?.currency
        executedAt = row.activity?.executedAt
    }
}
