import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import HTTPTypes
import Hummingbird
import ServiceKit
import SharedTypes

/// `/v1/portfolios`.
struct PortfolioRoutes {
    let database: Database
    let now: @Sendable () -> Date

    func add(to router: ServiceRouter) {
        router.post("/v1/portfolios", use: create)
        router.get("/v1/portfolios", use: list)
        router.get("/v1/portfolios/{portfolio_id}", use: find)
        router.patch("/v1/portfolios/{portfolio_id}", use: rename)
        router.post("/v1/portfolios/{portfolio_id}/archive", use: archive)
        router.post("/v1/portfolios/{portfolio_id}/unarchive", use: unarchive)
    }

    private static let nameLength = 1...80

    @Sendable private func create(_ request: Request, _ context: ServiceContext) async throws -> Response {
        // Before anything is read of a request that carries no token.
        _ = try context.user()
        let fields = try await Fields.body(of: request, context: context)
        let new = NewPortfolio(
            name: try fields.nonBlankString("name", length: Self.nameLength),
            kind: try fields.enumeration("kind", PortfolioKind.self),
            baseCurrency: try fields.currency("base_currency"),
            costBasisMethod: try fields.optionalEnumeration("cost_basis_method", CostBasisMethod.self)
                ?? .fifo,
            tracksCash: try fields.optionalBool("tracks_cash") ?? false)
        try fields.finish()
        let now = now()
        return try await Idempotency.perform(
            request, context, operation: "createPortfolio", body: fields, on: database, now: now
        ) { operation in
            let portfolio = try await createPortfolio(new, in: operation)
            return try .json(
                PortfolioAnswer(portfolio), status: .created, revision: portfolio.revision,
                headers: [.location: "/v1/portfolios/\(portfolio.id)"])
        }
    }

    @Sendable private func list(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let user = try context.user()
        let query = try Fields.query(of: request)
        let page = try PageQuery.read(from: query)
        let includesArchived = try query.optionalBool("include_archived") ?? false
        try query.finish()
        let portfolios = try await listPortfolios(
            of: user.userID, after: try page.after.map { try Cursor.decode($0, Portfolio.self) },
            limit: page.limit,
            includingArchived: includesArchived, on: database.acting(as: user.userID.uuid))
        return try .json(ListAnswer(portfolios, PortfolioAnswer.init) { Cursor.encode(["\($0.id)"]) })
    }

    @Sendable private func find(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let user = try context.user()
        let portfolio = try await findPortfolio(
            context.identifier("portfolio_id", Portfolio.self), of: user.userID,
            on: database.acting(as: user.userID.uuid))
        if request.isNotModified(revision: portfolio.revision) {
            return .notModified(revision: portfolio.revision)
        }
        return try .json(PortfolioAnswer(portfolio), revision: portfolio.revision)
    }

    @Sendable private func rename(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let portfolioID = try context.identifier("portfolio_id", Portfolio.self)
        let fields = try await Fields.body(of: request, context: context)
        let name = try fields.nonBlankString("name", length: Self.nameLength)
        try fields.finish()
        return try await context.write(on: database, at: now()) { operation in
            let portfolio = try await renamePortfolio(
                portfolioID, to: name, in: operation, check: request.requireMatch(revision:))
            return try .json(PortfolioAnswer(portfolio), revision: portfolio.revision)
        }
    }

    @Sendable private func archive(_ request: Request, _ context: ServiceContext) async throws -> Response {
        try await archive(request, context, operation: "archivePortfolio", isArchived: true)
    }

    @Sendable private func unarchive(_ request: Request, _ context: ServiceContext) async throws -> Response {
        try await archive(request, context, operation: "unarchivePortfolio", isArchived: false)
    }

    private func archive(
        _ request: Request, _ context: ServiceContext, operation: String, isArchived: Bool
    ) async throws -> Response {
        let portfolioID = try context.identifier("portfolio_id", Portfolio.self)
        let now = now()
        return try await Idempotency.perform(
            request, context, operation: operation, body: nil, on: database, now: now
        ) { operation in
            let portfolio = try await archivePortfolio(
                portfolioID, isArchived: isArchived, in: operation, check: request.requireMatch(revision:))
            return try .json(PortfolioAnswer(portfolio), revision: portfolio.revision)
        }
    }
}
