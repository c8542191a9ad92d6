import ContractKit
import DatabaseClient
import HTTPTypes
import Hummingbird
import PortfoliosContract
import ServiceKit

/// `/v1/portfolios/{portfolio_id}/export`.
struct ExportRoutes {
    private typealias API = PortfoliosAPI

    let database: Database
    let heavyWork: HeavyWork

    func add(to routes: EndpointRoutes) {
        routes.respond(API.ExportActivities.self, export)
    }

    @Sendable private func export(_ call: Call<API.ExportActivities>) async throws -> Response {
        try await call.context.whileConnected {
            try await heavyWork.withTurn(for: call.user) { turn in
                let file = try await exportActivities(
                    from: call.parameters.portfolioID, of: call.user, to: call.parameters.format,
                    using: database, turn: turn, at: call.now)
                var response = Response(
                    API.ExportActivities.answer(
                        .ok(Content(type: file.contentType, bytes: Array(file.text.utf8)))))
                response.headers[.contentDisposition] = "attachment; filename=\"\(file.name)\""
                return turn.held(until: response, to: call.context)
            }
        }
    }
}
