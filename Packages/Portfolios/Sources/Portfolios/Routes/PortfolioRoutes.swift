import ContractKit
import DatabaseClient
import EventLog
import ExactTypes
import PortfoliosContract
import ServiceKit
import SharedTypes

/// `/v1/portfolios`.
struct PortfolioRoutes {
    private typealias API = PortfoliosAPI

    let database: Database

    func add(to routes: EndpointRoutes) {
        routes.once(API.CreatePortfolio.self, create)
        routes.read(API.ListPortfolios.self, list)
        routes.read(API.FindPortfolio.self, find)
        routes.write(API.RenamePortfolio.self, rename)
        routes.once(API.ArchivePortfolio.self, archive)
        routes.once(API.UnarchivePortfolio.self, unarchive)
    }

    @Sendable private func create(
        _ call: Call<API.CreatePortfolio>, _ operation: OperationContext
    ) async throws -> API.CreatePortfolio.Output {
        let row = try await createPortfolio(call.body, in: operation)
        return .created(
            API.Portfolio(row), location: "/v1/portfolios/\(row.id)", etag: ETag(revision: row.revision))
    }

    @Sendable private func list(_ call: Call<API.ListPortfolios>) async throws -> API.ListPortfolios.Output {
        let page = try call.page(Portfolio.ID.self)
        let rows = try await listPortfolios(
            of: call.user, after: page.after, limit: page.rowLimit,
            includingArchived: call.parameters.includeArchived, on: database.acting(as: call.user.uuid))
        return .ok(page.answer(rows, API.Portfolio.init) { $0.id })
    }

    @Sendable private func find(_ call: Call<API.FindPortfolio>) async throws -> API.FindPortfolio.Output {
        let row = try await findPortfolio(
            call.parameters.portfolioID, of: call.user, on: database.acting(as: call.user.uuid))
        return .ok(API.Portfolio(row), etag: ETag(revision: row.revision))
    }

    @Sendable private func rename(
        _ call: Call<API.RenamePortfolio>, _ operation: OperationContext
    ) async throws -> API.RenamePortfolio.Output {
        let row = try await renamePortfolio(
            call.parameters.portfolioID, to: call.body.name, in: operation,
            check: call.requireMatch(revision:))
        return .ok(API.Portfolio(row), etag: ETag(revision: row.revision))
    }

    @Sendable private func archive(
        _ call: Call<API.ArchivePortfolio>, _ operation: OperationContext
    ) async throws -> API.ArchivePortfolio.Output {
        let row = try await archivePortfolio(
            call.parameters.portfolioID, isArchived: true, in: operation, check: call.requireMatch(revision:))
        return .ok(API.Portfolio(row), etag: ETag(revision: row.revision))
    }

    @Sendable private func unarchive(
        _ call: Call<API.UnarchivePortfolio>, _ operation: OperationContext
    ) async throws -> API.UnarchivePortfolio.Output {
        let row = try await archivePortfolio(
            call.parameters.portfolioID, isArchived: false, in: operation, check: call.requireMatch(revision:)
        )
        return .ok(API.Portfolio(row), etag: ETag(revision: row.revision))
    }
}

extension PortfoliosAPI.Portfolio {
    fileprivate init(_ row: PortfolioRow) {
        self.init(
            id: row.id, name: row.name, kind: row.kind, baseCurrency: row.baseCurrency,
            costBasisMethod: row.costBasisMethod, tracksCash: row.tracksCash, archivedAt: row.archivedAt,
            createdAt: row.createdAt, updatedAt: row.updatedAt, revision: row.revision)
    }
}
