import ContractKit
import DatabaseClient
import EventLog
import ExactTypes
import PortfoliosContract
import ServiceKit
import SharedTypes

/// `/v1/portfolios/{portfolio_id}/transactions`.
struct TransactionRoutes {
    private typealias API = PortfoliosAPI

    let database: Database
    let events: EventLog

    func add(to routes: EndpointRoutes) {
        routes.once(API.PostTransaction.self, post)
        routes.read(API.ListTransactions.self, list)
        routes.read(API.FindTransaction.self, find)
        routes.once(API.ReverseTransaction.self, reverse)
        routes.once(API.CorrectTransaction.self, correct)
    }

    @Sendable private func post(
        _ call: Call<API.PostTransaction>, _ operation: OperationContext
    ) async throws -> API.PostTransaction.Output {
        let posted = try await postTransaction(
            call.body, to: call.parameters.portfolioID, events: events, in: operation)
        return .created(API.TransactionDetail(posted), location: posted.path)
    }

    @Sendable private func list(
        _ call: Call<API.ListTransactions>
    ) async throws -> API.ListTransactions.Output {
        let parameters = call.parameters
        let page = try call.page(CursorMoment.self, Transaction.ID.self)
        let rows = try await listTransactions(
            in: parameters.portfolioID, of: call.user,
            matching: TransactionFilter(
                type: parameters.type, instrumentID: parameters.instrumentID,
                days: try DayRange(inOrder: parameters.from, parameters.to)),
            before: page.after.map { at, id in ListPosition(at: at.date, id: id) }, limit: page.rowLimit,
            on: database.acting(as: call.user.uuid))
        return .ok(page.answer(rows, API.Transaction.init) { (CursorMoment($0.executedAt), $0.id) })
    }

    @Sendable private func find(
        _ call: Call<API.FindTransaction>
    ) async throws -> API.FindTransaction.Output {
        let found = try await findTransaction(
            call.parameters.transactionID, in: call.parameters.portfolioID, of: call.user,
            on: database.acting(as: call.user.uuid))
        return .ok(API.TransactionDetail(found))
    }

    @Sendable private func reverse(
        _ call: Call<API.ReverseTransaction>, _ operation: OperationContext
    ) async throws -> API.ReverseTransaction.Output {
        let reversal = try await reverseTransaction(
            call.parameters.transactionID, in: call.parameters.portfolioID, note: call.body.note,
            events: events, in: operation)
        return .created(API.TransactionDetail(reversal), location: reversal.path)
    }

    @Sendable private func correct(
        _ call: Call<API.CorrectTransaction>, _ operation: OperationContext
    ) async throws -> API.CorrectTransaction.Output {
        let correction = try await correctTransaction(
            call.parameters.transactionID, by: call.body, in: call.parameters.portfolioID, events: events,
            in: operation)
        return .created(
            .init(
                reversal: API.TransactionDetail(correction.reversal),
                transaction: API.TransactionDetail(correction.transaction)),
            location: correction.transaction.path)
    }
}

extension TransactionDetail {
    fileprivate var path: String {
        "/v1/portfolios/\(transaction.portfolioID)/transactions/\(transaction.id)"
    }
}

extension PortfoliosAPI.Transaction {
    fileprivate init(_ row: TransactionRow) {
        self.init(
            id: row.id, portfolioID: row.portfolioID, type: row.type, status: row.status,
            instrumentID: row.instrumentID, quantity: row.quantity, unitPrice: row.unitPrice,
            amount: row.grossAmount, currency: row.currency, fxRate: row.fxRate, splitFrom: row.splitFrom,
            splitTo: row.splitTo, executedAt: row.executedAt, externalSource: row.externalSource,
            externalID: row.externalID, reverses: row.reverses, note: row.note, createdAt: row.createdAt,
            updatedAt: row.updatedAt)
    }
}

extension PortfoliosAPI.TransactionDetail {
    fileprivate init(_ detail: TransactionDetail) {
        self.init(
            transaction: PortfoliosAPI.Transaction(detail.transaction),
            fees: detail.fees.map { Fee(kind: $0.kind, amount: $0.amount, currency: $0.currency) },
            lots: detail.lots.map {
                PortfoliosAPI.LotSelection(openedBy: $0.openedBy, quantity: $0.quantity)
            },
            postings: detail.postings.map {
                Posting(
                    fromAccount: $0.fromAccount, toAccount: $0.toAccount, currency: $0.currency,
                    instrumentID: $0.instrumentID, amount: $0.amount)
            })
    }
}
