import ContractKit
import DatabaseClient
import HTTPTypes
import ServiceKit

/// Why Notifications does not do what it is asked.
enum NotificationsError: Error, Equatable {
    /// There is no such thing that the user may see: "notification".
    case notFound(String)
    /// A notification with this key was made before.
    case alreadyNotified
    /// The push token is registered.
    case deviceTaken
    /// The user has a webhook at this address.
    case endpointTaken
    /// The user has as many webhooks as one may have.
    case tooManyEndpoints(limit: Int)
    /// The endpoint is switched off, so nothing can be sent there.
    case endpointDisabled
    /// A message to test the endpoint with is on its way.
    case testUnderWay
    /// The user has as many event streams open as one may have.
    case tooManyStreams(limit: Int)
    /// The day has its digest on this channel.
    case digestTaken
    /// The account may set nothing up here now.
    case refused(AccountAccess.Refusal)
}

extension NotificationsError {
    /// What a violated constraint means, where a person can mean something by it.
    init?(_ error: DatabaseError) {
        switch error.uniqueViolation {
        case "notifications_dedupe_key": self = .alreadyNotified
        case "push_devices_token_key": self = .deviceTaken
        case "webhook_endpoints_url_key": self = .endpointTaken
        case "digests_day_key": self = .digestTaken
        default: return nil
        }
    }
}

extension NotificationsError: ProblemConvertible {
    /// The answer that a client gets.
    var problem: Problem {
        switch self {
        case .notFound(let what): .notFound(what)
        case .alreadyNotified: .conflict("already-notified", "The message was made before.")
        case .deviceTaken: .conflict("device-taken", "The device is registered already.")
        case .endpointTaken:
            Problem(
                .conflict, "endpoint-taken", "Conflict", detail: "You have a webhook at this address.",
                field: "url")
        case .tooManyEndpoints(let limit):
            .conflict("too-many-endpoints", "You can have \(limit) webhooks. Delete one first.")
        case .endpointDisabled:
            .conflict("endpoint-disabled", "The webhook is switched off. Enable it first.")
        case .testUnderWay:
            .conflict("test-under-way", "A test of this webhook is on its way. Wait until it has ended.")
        case .tooManyStreams(let limit): Self.tooManyStreams(limit)
        case .digestTaken: .conflict("digest-taken", "The day has its digest already.")
        case .refused(.sessionEnded): Self.sessionEnded
        case .refused(.emailNotVerified):
            Problem(
                .forbidden, "email-not-verified", "Forbidden",
                detail: "Verify the email address of your account first.")
        case .refused(.suspended):
            Problem(.forbidden, "account-suspended", "Forbidden", detail: "The account is suspended.")
        }
    }

    /// What Users answers to such a token.
    private static var sessionEnded: Problem {
        var problem = Problem(
            .unauthorized, "session-ended", "Not signed in", detail: "The session has ended. Log in again.")
        problem.set(.wwwAuthenticate, to: "Bearer realm=\"grove\", error=\"invalid_token\"")
        return problem
    }

    private static func tooManyStreams(_ limit: Int) -> Problem {
        var problem = Problem(
            .tooManyRequests, "too-many-streams", "Too many event streams",
            detail: "You have \(limit) event streams open. Close one first.")
        problem.set(.retryAfter, to: "5")
        return problem
    }
}
