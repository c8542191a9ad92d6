import ContractKit
public import EventLog
public import Foundation
import HTTPTypes
public import ServiceLifecycle

/// What every service has of the event log: the operator's endpoints, and the log's retention.
public struct EventOperationsModule: ServiceModule {
    public let name = "events"
    public let openAPI = OpenAPI.json
    public let backgroundServices: [any Service]

    private let routes: EventOperationsRoutes

    /// - Parameters:
    ///   - logs: the log as each context of this process has it, by the context's name: an operator's path names the
    ///     context, and its service's role may change its own consumers alone.
    ///   - retentionDays: for so long the log is kept, at least.
    ///   - now: the clock that the audit's times come from.
    public init(
        _ logs: [String: EventLog], retentionDays: Int = 30,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        routes = EventOperationsRoutes(logs: logs, now: now)
        backgroundServices = logs.values.map {
            EventRetention(log: $0, retentionDays: Double(retentionDays)).service
        }
    }

    public func addRoutes(to router: ServiceRouter) { routes.add(to: router) }
}

extension EventLogError: ProblemConvertible {
    public var problem: Problem {
        switch self {
        case .notFound(let what): .notFound(what)
        case .unknownVersion, .noActingUser, .payloadNotReadable:
            Problem(.internalServerError, "internal-error", "Internal error")
        case .otherContext: .notFound("consumer")
        }
    }
}
