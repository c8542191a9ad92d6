import ContractKit
import DatabaseClient
import EventLog
import ExactTypes
import HTTPTypes
import Hummingbird
import NIOCore
import PortfoliosContract
import ServiceKit
import SharedTypes
import TabularText

/// `/v1/portfolios/{portfolio_id}/imports`.
struct ImportRoutes {
    private typealias API = PortfoliosAPI

    /// What a file may have: more than the 20,000 rows of the wordiest export.
    static let maximumBytes = 16_777_216

    /// So much is read within a millisecond or two.
    static let shortBytes = 8_192
    /// How often an import is planned where others change the books meanwhile.
    private static let maximumPlans = 3

    let database: Database
    let events: EventLog
    let heavyWork: HeavyWork

    func add(to routes: EndpointRoutes) {
        routes.respond(API.ImportActivities.self, importFile)
    }

    @Sendable private func importFile(_ call: Call<API.ImportActivities>) async throws -> Response {
        let stated = try StatedFormat(call.parameters)
        // A file of this size takes longer than other requests may.
        call.context.allow(.seconds(120))
        let announced = try call.request.announcedBytes(
            call.context, limit: Self.maximumBytes, contentTypes: API.ImportActivities.description.bodyTypes)
        return try await call.context.whileConnected {
            try await heavyWork.withTurn(for: call.user) { turn in
                // A file that may be large is read when its turn has come, and not before: of one person, one is held.
                if announced.map({ $0 > Self.shortBytes }) ?? true { try await turn.begin() }
                switch try await read(call, stated, turn: turn) {
                case .known(let answer): return Response(answer)
                case .new(let reading, let once):
                    return turn.held(
                        until: try await answer(call, reading, once: once, turn: turn), to: call.context)
                }
            }
        }
    }

    /// A file that was read.
    private enum Upload {
        /// Its answer was kept.
        case known(Answer)
        case new(ActivityImport, Idempotency)
    }

    /// Reads the file, whose bytes are not held any longer than that.
    private func read(
        _ call: Call<API.ImportActivities>, _ stated: StatedFormat, turn: HeavyWork.Turn
    ) async throws -> Upload {
        let bytes = try await call.request.bytes(
            call.context, limit: Self.maximumBytes, contentTypes: API.ImportActivities.description.bodyTypes)
        let isLong = bytes.readableBytes > Self.shortBytes
        let once = try await turn.run(isLong: isLong) { _ in
            try Idempotency(
                call.request, call.context, operation: API.ImportActivities.description.id, body: bytes,
                on: database, now: call.now)
        }
        if let kept = try await once.keptAnswer() { return .known(kept) }
        let isCSV = call.request.headers[.contentType]?.lowercased().hasPrefix("text/csv") == true
        let reading = try await turn.run(isLong: isLong) { cancellation in
            ActivityImport(
                try isCSV ? Self.csv(bytes, stated, cancellation) : GhostfolioFile.read(bytes, cancellation))
        }
        return .new(reading, once)
    }

    /// Plans the import before a transaction begins, and carries the plan out on the books that it was made on.
    private func answer(
        _ call: Call<API.ImportActivities>, _ reading: ActivityImport, once: Idempotency,
        turn: HeavyWork.Turn
    ) async throws -> Response {
        let portfolioID = call.parameters.portfolioID
        for _ in 0..<Self.maximumPlans {
            let plan = try await planImport(
                of: reading, into: portfolioID, of: call.user, on: database, turn: turn, at: call.now)
            // A dry run writes nothing, so its answer is not kept either: a repetition plans again.
            guard !call.parameters.dryRun else {
                let isLong = plan.report.rows.count > ActivityImport.shortRows
                return try await turn.run(isLong: isLong) { _ in
                    Response(Self.answer(API.ImportReport(plan.report, dryRun: true)))
                }
            }
            do {
                let answer = try await once.perform { operation in
                    try await importActivities(plan, into: portfolioID, events: events, in: operation)
                    return Self.answer(API.ImportReport(plan.report, dryRun: false))
                }
                return Response(answer)
            } catch PortfoliosError.booksChanged {
                continue
            }
        }
        throw PortfoliosError.booksChanged
    }

    private static func answer(_ report: API.ImportReport) -> Answer {
        API.ImportActivities.answer(.ok(report))
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
    fileprivate init(_ parameters: PortfoliosAPI.ImportActivities.Parameters) throws(FieldError) {
        let decimalMark: FigureFormat.DecimalMark? =
            switch parameters.decimalMark {
            case .point: .point
            case .comma: .comma
            case nil: nil
            }
        let dayOrder: DayOrder? =
            switch parameters.dayOrder {
            case .dmy: .dayMonthYear
            case .mdy: .monthDayYear
            case .ymd: .yearMonthDay
            case nil: nil
            }
        self.init(
            decimalMark: decimalMark, dayOrder: dayOrder,
            zone: try FieldError.checked("time_zone", parameters.timeZone, IANATimeZone.init(parsing:)))
    }
}

extension PortfoliosAPI.ImportReport {
    /// Rows are shown by a dry run alone.
    fileprivate init(_ report: ImportReport, dryRun: Bool) {
        self.init(
            format: report.format, dryRun: dryRun, new: report.count(.new), known: report.count(.known),
            refused: report.faults.count,
            registeredInstruments: report.registered.map {
                RegisteredInstrument(source: $0.source ?? "", exchange: $0.exchange, symbol: $0.symbol)
            },
            ignored: report.ignored, rows: dryRun ? report.rows.map(Row.init) : nil)
    }
}

extension PortfoliosAPI.ImportReport.Row {
    fileprivate init(_ row: ImportReport.Row) {
        let status: Status
        var fault: RowFault?
        switch row.outcome {
        case .new: status = .new
        case .known: status = .known
        case .refused(let reason): (status, fault) = (.refused, reason)
        }
        self.init(
            row: row.number, status: status, column: fault?.column, reason: fault?.reason,
            type: row.activity?.type, symbol: row.activity?.listing?.symbol,
            quantity: row.activity?.quantity, amount: row.activity?.grossAmount, fee: row.activity?.fee,
            currency: row.activity?.currency, executedAt: row.activity?.executedAt)
    }
}
