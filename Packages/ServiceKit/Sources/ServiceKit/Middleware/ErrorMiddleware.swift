import ContractKit
import DatabaseClient
import ExactTypes
import HTTPTypes
import Hummingbird
import Logging
import NIOHTTP1

/// Turns every error into a problem. What nobody has foreseen becomes a 500 that says nothing, and is logged.
struct ErrorMiddleware: RouterMiddleware {
    typealias Context = ServiceContext

    func handle(
        _ request: Request, context: ServiceContext,
        next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPParserError {
            // The connection's own handler answers, because nothing more can be read from it.
            throw error
        } catch {
            return Self.problem(for: error, context).response(to: request, requestID: context.requestID)
        }
    }

    /// What a client is told about an error.
    static func problem(for error: any Error, _ context: ServiceContext) -> Problem {
        switch error {
        case let problem as Problem: return problem
        case let error as any ProblemConvertible: return error.problem
        case let error as FieldError: return .invalid(error.field, error.reason)
        case let error as HTTPError: return problem(for: error)
        case is CancellationError where context.deadline.isPast:
            context.logger.warning("The work on a request took too long and was cancelled.")
            return .unavailable("timeout", "The request took too long and was cancelled.")
        case is CancellationError:
            return .unavailable("shutting-down", "The service is shutting down.")
        case let error as DatabaseError where Schema.ownerKeys.contains(error.foreignKeyViolation ?? ""):
            // The token outlives its account by minutes, and the row would be the account's.
            return .unauthenticated("The account of the token no longer exists.", error: "invalid_token")
        case let error as DatabaseError:
            if let problem = Problem(error) {
                context.logger.warning("The database failed.", metadata: ["error": "\(error)"])
                return problem
            }
        default: break
        }
        context.logger.error(
            "A request failed with an error that is not mapped.",
            metadata: ["error": "\(error)", "type": "\(type(of: error))"])
        return Problem(.internalServerError, "internal-error", "Internal error")
    }

    /// Hummingbird's own errors: no such route, and what its decoders refuse.
    private static func problem(for error: HTTPError) -> Problem {
        switch error.status {
        case .notFound: .notFound("route")
        case .contentTooLarge:
            Problem(.contentTooLarge, "body-too-large", "The body is too large", field: "body")
        default:
            Problem(error.status, "refused", error.status.reasonPhrase, detail: error.body)
        }
    }
}
