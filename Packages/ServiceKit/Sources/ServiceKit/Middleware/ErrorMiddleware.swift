import DatabaseClient
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
        case let error as HTTPError: return problem(for: error)
        case is CancellationError where context.deadline.isPast:
            context.logger.warning("The work on a request took too long and was cancelled.")
            return .unavailable("timeout", "The request took too long and was cancelled.")
        case is CancellationError:
            return .unavailable("shutting-down", "The service is shutting down.")
        case let error as DatabaseError:
            if let problem = problem(for: error) {
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

    /// Failures of the connection, which are nobody's mistake; nil for those that are the program's.
    private static func problem(for error: DatabaseError) -> Problem? {
        switch error {
        case .unavailable, .poolTimeout, .poolQueueFull, .poolClosed:
            return .unavailable(
                "database-unavailable", "The database cannot be reached. Nothing has happened.")
        case .outcomeUnknown:
            return .unavailable(
                "outcome-unknown",
                "The connection to the database was lost before it answered. Retry with the same "
                    + "Idempotency-Key: what has happened already will not happen twice.")
        case .server(let error) where ["40001", "40P01", "55P03"].contains(error.sqlState):
            return .unavailable(
                "contention", "Others changed the same data. Nothing has happened; try again.")
        case .server(let error) where error.sqlState == "57014":
            return .unavailable("timeout", "The request took too long and was cancelled.")
        case .server, .transactionClosed, .transactionAborted, .decoding, .encoding, .unexpectedRowCount:
            return nil
        }
    }

    /// Hummingbird's own errors: no such route, and what its decoders refuse.
    private static func problem(for error: HTTPError) -> Problem {
        switch error.status {
        case .notFound: .notFound("route")
        case .contentTooLarge:
            Problem(.contentTooLarge, "body-too-large", "The body is too large", field: "body")
        default:
            Problem(
                error.status, "http-\(error.status.code)", error.status.reasonPhrase, detail: error.body)
        }
    }
}
