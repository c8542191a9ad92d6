import ContractKit
import ExactTypes
import HTTPTypes
import ServiceKit
import SharedTypes

/// What Users refuses, mapped to HTTP here and nowhere else.
public enum UsersError: Error, Sendable, Equatable {
    /// Another account has the email.
    case emailTaken
    /// The email is unknown, or the password is wrong: nobody learns which.
    case invalidCredentials
    /// The right password for an account that an operator suspended.
    case accountSuspended
    /// The right password for an account that its owner closed.
    case accountClosed
    /// The refresh token is unknown, used up or expired, or its session has ended.
    case invalidRefreshToken
    /// The token of an email is unknown, used up or expired.
    case invalidEmailToken
    /// The current password, asked again before something that cannot be undone, is wrong.
    case wrongPassword
    /// The access token's session has ended, or its account is closed.
    case sessionEnded
    /// Somebody wrote the same resource between our reading and writing it.
    case changedMeanwhile
    /// Too often within the window, which is over after so many seconds.
    case tooManyAttempts(retryAfterSeconds: Int)
    /// More passwords wait to be hashed, of the address or of all, than the process takes on.
    case tooManyPasswordsAtOnce
    /// No open account has the email: for the operator's commands.
    case noSuchAccount
}

extension UsersError: ProblemConvertible {
    /// The answer that a client gets.
    public var problem: Problem {
        switch self {
        case .emailTaken:
            Problem(
                .conflict, "email-taken", "Conflict", detail: "An account has this email.", field: "email")
        case .invalidCredentials:
            Problem(
                .unauthorized, "invalid-credentials", "Not signed in",
                detail: "The email or the password is wrong.")
        case .accountSuspended:
            Problem(.forbidden, "account-suspended", "Forbidden", detail: "The account is suspended.")
        case .accountClosed:
            Problem(.forbidden, "account-closed", "Forbidden", detail: "The account is closed.")
        case .invalidRefreshToken:
            Problem(
                .unauthorized, "invalid-refresh-token", "Not signed in",
                detail: "The refresh token is not valid. Log in again.")
        case .invalidEmailToken:
            Problem(
                .unprocessableContent, "invalid-token", "The token is not valid",
                detail: "The token is unknown, used already, or expired. Ask for a new message.",
                field: "token")
        case .wrongPassword:
            Problem(.forbidden, "wrong-password", "Forbidden", detail: "The current password is wrong.")
        case .sessionEnded: Self.sessionEndedProblem
        case .changedMeanwhile:
            .conflict("changed-meanwhile", "The resource was changed meanwhile. Read it again.")
        case .tooManyAttempts(let seconds): Self.tooManyAttempts(seconds)
        case .tooManyPasswordsAtOnce:
            .unavailable("busy", "Too many passwords wait to be checked.")
        case .noSuchAccount: .notFound("account")
        }
    }

    private static func tooManyAttempts(_ seconds: Int) -> Problem {
        var problem = Problem(
            .tooManyRequests, "too-many-attempts", "Too many attempts",
            detail: "Too many attempts. Try again in \(seconds) seconds.")
        problem.set(.retryAfter, to: String(seconds))
        return problem
    }
}

extension UsersError {
    /// The header tells a client that a new token is needed, and not other rights.
    private static let sessionEndedProblem = {
        var problem = Problem(
            .unauthorized, "session-ended", "Not signed in", detail: "The session has ended. Log in again.")
        problem.set(.wwwAuthenticate, to: "Bearer realm=\"grove\", error=\"invalid_token\"")
        return problem
    }()
}
