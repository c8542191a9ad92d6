import ContractKit
import HTTPTypes
import Hummingbird
import Logging

/// Reads the access token. A request without one goes on without a principal, and so does one whose token is not
/// accepted: an operation that needs a principal then says why, and one that needs none, as a refresh, works with
/// an expired token too.
struct AuthenticationMiddleware: RouterMiddleware {
    typealias Context = ServiceContext

    let verifier: TokenVerifier

    func handle(
        _ request: Request, context: ServiceContext,
        next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        guard let header = request.headers[.authorization] else { return try await next(request, context) }
        var context = context
        do {
            context.principal = try await principal(header)
        } catch let problem as Problem {
            // Without a principal the request counts against the address, so guessing tokens is not free.
            context.refusedToken = problem
        }
        context.logger[metadataKey: "user_id"] = context.principal.map { .stringConvertible($0.userID) }
        return try await next(request, context)
    }

    private func principal(_ header: String) async throws -> Principal {
        // By bytes: a token is long.
        let parts = header.utf8.split(separator: UInt8(ascii: " ")).map { String(Substring($0)) }
        guard parts.count == 2, parts.first?.lowercased() == "bearer", let token = parts.last else {
            throw Problem.unauthenticated("Authorization must be \"Bearer TOKEN\".", error: "invalid_request")
        }
        return try await verifier.principal(of: token)
    }
}
