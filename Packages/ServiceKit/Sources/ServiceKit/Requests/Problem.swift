import Foundation
import HTTPTypes
import Hummingbird
import StrictJSON

/// An error that a client is told about, in the form of RFC 9457.
public struct Problem: Error, Sendable, Equatable {
    /// The answer's HTTP status.
    public let status: HTTPResponse.Status
    /// The stable last part of `type`: "urn:grove:problem:<slug>".
    public let slug: String
    /// What kind of problem it is; the same for every occurrence of the type.
    public let title: String
    /// What is wrong this time, in a sentence for a person.
    public var detail: String?
    /// The field, parameter or header at fault: `activities[18].quantity`.
    public var field: String?
    /// Headers that go with the answer, as `Retry-After`.
    public var headers: HTTPFields = [:]
    /// Further members of the problem document, in snake case.
    public var extensions: [String: JSONValue] = [:]

    /// A problem of the type "urn:grove:problem:<slug>".
    public init(
        _ status: HTTPResponse.Status, _ slug: String, _ title: String, detail: String? = nil,
        field: String? = nil
    ) {
        self.status = status
        self.slug = slug
        self.title = title
        self.detail = detail
        self.field = field
    }

    /// The `type` of the problem document.
    public var type: String { "urn:grove:problem:" + slug }
}

/// A module's error that knows what a client is told; each module maps its errors in one place.
public protocol ProblemConvertible: Error {
    /// What the client is told.
    var problem: Problem { get }
}

extension Problem {
    /// 404: there is no such thing, or it is another user's, which the client must not learn.
    public static func notFound(_ what: String) -> Problem {
        let noun = what.replacingOccurrences(of: "_", with: " ")
        return Problem(.notFound, "not-found", "Not found", detail: "There is no such \(noun).")
    }

    /// 422: a field is wrong. The reason goes on after the field's name: "has more than 18 decimals".
    public static func invalid(_ field: String, _ reason: String) -> Problem {
        Problem(
            .unprocessableContent, "invalid-field", "A field is invalid", detail: "\(field) \(reason).",
            field: field)
    }

    /// 409: the request is well formed, but what stands already does not admit it.
    public static func conflict(_ slug: String, _ detail: String) -> Problem {
        Problem(.conflict, slug, "Conflict", detail: detail)
    }

    /// 400: the request itself is malformed.
    public static func badRequest(_ field: String, _ detail: String) -> Problem {
        Problem(.badRequest, "bad-request", "The request is malformed", detail: detail, field: field)
    }

    /// 401: the operation needs an access token, and the request carries none.
    public static let unauthenticated = Problem.unauthenticated("An access token is needed.", error: nil)

    /// 401: the token is not accepted, for this reason.
    static func unauthenticated(_ detail: String, error: String?) -> Problem {
        var problem = Problem(.unauthorized, "unauthenticated", "Not signed in", detail: detail)
        problem.headers[.wwwAuthenticate] =
            "Bearer realm=\"grove\"" + (error.map { ", error=\"\($0)\"" } ?? "")
        return problem
    }

    /// 403: the user is known and may not do this.
    public static let forbidden = Problem(
        .forbidden, "forbidden", "Forbidden", detail: "The operation needs the operator's role.")

    /// 412: If-Match names another revision than the present one.
    public static let preconditionFailed = Problem(
        .preconditionFailed, "precondition-failed", "The resource has changed",
        detail: "If-Match does not name the present revision.", field: "If-Match")

    /// 503 with `Retry-After` in seconds.
    public static func unavailable(_ slug: String, _ detail: String, retryAfter seconds: Int = 1) -> Problem {
        var problem = Problem(.serviceUnavailable, slug, "The service is unavailable", detail: detail)
        problem.headers[.retryAfter] = String(seconds)
        return problem
    }
}

extension Problem {
    /// The answer: `application/problem+json` with the request's path and id.
    func response(to request: Request, requestID: String) -> Response {
        var members = extensions
        members["type"] = .string(type)
        members["title"] = .string(title)
        members["status"] = .number(Decimal(status.code))
        members["detail"] = detail.map(JSONValue.string)
        members["field"] = field.map(JSONValue.string)
        members["instance"] = .string(request.uri.path)
        members["request_id"] = .string(requestID)
        var headers = headers
        headers[.contentType] = "application/problem+json"
        return Response(
            status: status, headers: headers,
            body: .init(byteBuffer: ByteBuffer(string: JSONValue.object(members).text)))
    }
}
