import DatabaseClient
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceKit
import SharedTypes

/// `/v1/portfolios/{portfolio_id}/export`.
struct ExportRoutes {
    let database: Database
    let heavyWork: HeavyWork
    let now: @Sendable () -> Date

    func add(to router: ServiceRouter) {
        router.get("/v1/portfolios/{portfolio_id}/export", use: export)
    }

    @Sendable private func export(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let user = try context.user()
        let portfolioID = try context.identifier("portfolio_id", Portfolio.self)
        let query = try Fields.query(of: request)
        let format = try query.enumeration("format", ExportFormat.self)
        try query.finish()
        let now = now()
        return try await context.whileConnected {
            try await heavyWork.withTurn(for: user.userID) { turn in
                let file = try await exportActivities(
                    from: portfolioID, of: user.userID, to: format, using: database, turn: turn, at: now)
                return turn.held(
                    until: Response(
                        status: .ok,
                        headers: [
                            .contentType: file.contentType,
                            .contentDisposition: "attachment; filename=\"\(file.name)\"",
                        ],
                        body: .init(byteBuffer: ByteBuffer(string: file.text))), to: context)
            }
        }
    }
}
