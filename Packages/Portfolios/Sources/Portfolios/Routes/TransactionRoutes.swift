import ContractKit
import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import HTTPTypes
import Hummingbird
import ServiceKit
import SharedTypes

/// `/v1/portfolios/{portfolio_id}/transactions`.
struct TransactionRoutes {
    let database: Database
    let events: EventLog
    let now: @Sendable () -> Date

    func add(to router: ServiceRouter) {
        let path = "/v1/portfolios/{portfolio_id}/transactions"
        router.post("\(path)", use: post)
        router.get("\(path)", use: list)
        router.get("\(path)/{transaction_id}", use: find)
        router.post("\(path)/{transaction_id}/reversals", use: reverse)
        router.post("\(path)/{transaction_id}/corrections", use: correct)
    }

    @Sendable private func post(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let portfolioID = try context.identifier("portfolio_id", Portfolio.self)
        let fields = try await Fields.body(of: request, context: context)
        let new = try NewTransaction(fields)
        try fields.finish()
        let now = now()
        return try await Idempotency.perform(
            request, context, operation: "postTransaction", body: fields, on: database, now: now
        ) { operation in
            let posted = try await postTransaction(
                new, to: portfolioID, events: events, in: operation)
            return try created(TransactionAnswer(posted), posted.transaction)
        }
    }

    @Sendable private func list(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let user = try context.user()
        let portfolioID = try context.identifier("portfolio_id", Portfolio.self)
        let query = try Fields.query(of: request)
        let page = try PageQuery.read(from: query)
        let filter = TransactionFilter(
            type: try query.optionalEnumeration("type", TransactionType.self),
            instrumentID: try query.optionalIdentifier("instrument_id", Instrument.self),
            days: try DayRange(query))
        try query.finish()
        let transactions = try await listTransactions(
            in: portfolioID, of: user.userID, matching: filter,
            before: try page.after.map { try Cursor.decode($0, at: Transaction.self) }, limit: page.limit,
            on: database.acting(as: user.userID.uuid))
        return try .json(
            ListAnswer(transactions, TransactionAnswer.init) {
                Cursor.encode(ListPosition<Transaction>(at: $0.executedAt, id: $0.id))
            })
    }

    @Sendable private func find(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let user = try context.user()
        let found = try await findTransaction(
            context.identifier("transaction_id", Transaction.self),
            in: context.identifier("portfolio_id", Portfolio.self), of: user.userID,
            on: database.acting(as: user.userID.uuid))
        return try .json(TransactionAnswer(found))
    }

    @Sendable private func reverse(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let portfolioID = try context.identifier("portfolio_id", Portfolio.self)
        let transactionID = try context.identifier("transaction_id", Transaction.self)
        let fields = try await Fields.body(of: request, context: context)
        let note = try fields.optionalString("note", length: NewTransaction.noteLength, multiline: true)
        try fields.finish()
        let now = now()
        return try await Idempotency.perform(
            request, context, operation: "reverseTransaction", body: fields, on: database, now: now
        ) { operation in
            let reversal = try await reverseTransaction(
                transactionID, in: portfolioID, note: note, events: events, in: operation)
            return try created(TransactionAnswer(reversal), reversal.transaction)
        }
    }

    private struct CorrectionAnswer: Encodable {
        let reversal: TransactionAnswer
        let transaction: TransactionAnswer
    }

    @Sendable private func correct(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let portfolioID = try context.identifier("portfolio_id", Portfolio.self)
        let transactionID = try context.identifier("transaction_id", Transaction.self)
        let fields = try await Fields.body(of: request, context: context)
        let new = try NewTransaction(fields)
        try fields.finish()
        let now = now()
        return try await Idempotency.perform(
            request, context, operation: "correctTransaction", body: fields, on: database, now: now
        ) { operation in
            let correction = try await correctTransaction(
                transactionID, by: new, in: portfolioID, events: events, in: operation)
            return try created(
                CorrectionAnswer(
                    reversal: TransactionAnswer(correction.reversal),
                    transaction: TransactionAnswer(correction.transaction)),
                correction.transaction.transaction)
        }
    }

    private func created(_ answer: some Encodable, _ transaction: TransactionRow) throws -> Response {
        try .json(
            answer, status: .created,
            headers: [
                .location: "/v1/portfolios/\(transaction.portfolioID)/transactions/\(transaction.id)"
            ])
    }
}

extension DayRange {
    /// Reads `from` and `to`; throws 422 where the one is after the other.
    init(_ query: Fields) throws(Problem) {
        self.init(from: try query.optionalDay("from"), to: try query.optionalDay("to"))
        if let from, let to, from > to { throw .invalid("to", "must not be before from") }
    }
}
