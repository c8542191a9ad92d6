import ContractKit
import ExactTypes
import Foundation
import Hummingbird
import Logging
import NIOCore

/// What a route knows about the request beside the request itself.
public struct ServiceContext: RequestContext {
    /// Hummingbird's part: the logger, the route's template and the path's parameters.
    public var coreContext: CoreRequestContextStorage
    /// The id that logs, problems and the `X-Request-Id` header show.
    public internal(set) var requestID: String
    /// Who asks, or nil where the request carries no token.
    public internal(set) var principal: Principal?
    /// Why the request's token was not accepted.
    var refusedToken: Problem?
    /// The address of the client: the connection's, or the one that the outermost of our own proxies has
    /// seen.
    public internal(set) var clientAddress: ClientAddress
    /// The size in bytes that a body may have where the route says nothing else.
    var bodyLimit: Int
    /// When the work on this request is cancelled.
    let deadline: RequestDeadline
    /// The connection that the request came by.
    let channel: any Channel

    /// Made by Hummingbird for each request.
    public init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        requestID = ""
        clientAddress =
            source.channel.remoteAddress?.ipAddress.flatMap { ClientAddress(parsing: $0) } ?? .unknown
        bodyLimit = ServiceLimits.standard.bodyBytes
        deadline = RequestDeadline()
        channel = source.channel
    }

    /// Hummingbird's name for the request's id.
    public var id: String { requestID }

    /// Who asks; throws 401 where nobody is signed in, or what was wrong with the token.
    public func user() throws(Problem) -> Principal {
        guard let principal else { throw refusedToken ?? .unauthenticated }
        return principal
    }

    /// The operator who asks; throws 401 where nobody is signed in and 403 where the user is no operator.
    public func `operator`() throws(Problem) -> Principal {
        let principal = try user()
        guard principal.isOperator else { throw .forbidden }
        return principal
    }

    /// Lets the work on this request take so long from now on, where a route needs more than the configured
    /// time.
    public func allow(_ duration: Duration) { deadline.set(.now + duration) }
}
