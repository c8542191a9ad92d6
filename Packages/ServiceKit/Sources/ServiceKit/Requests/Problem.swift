import ContractKit
import Foundation
import HTTPTypes
import Hummingbird
import StrictJSON

extension Problem {
    /// A problem of the type "urn:grove:problem:<slug>".
    public init(
        _ status: HTTPResponse.Status, _ slug: String, _ title: String, detail: String? = nil,
        field: String? = nil
    ) {
        self.init(status: status.code, slug: slug, title: title, detail: detail, field: field)
    }

    /// Adds a header that goes with the answer, as `Retry-After`.
    public mutating func set(_ header: HTTPField.Name, to value: String) {
        headers[header.canonicalName] = value
    }
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
        problem.set(
            .wwwAuthenticate, to: "Bearer realm=\"grove\"" + (error.map { ", error=\"\($0)\"" } ?? ""))
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
        problem.set(.retryAfter, to: String(seconds))
        return problem
    }
}

extension Problem {
    /// The answer: `application/problem+json` with the request's path and id.
    func response(to request: Request, requestID: String) -> Response {
        var problem = self
        problem.instance = request.uri.path
        problem.requestID = requestID
        var headers: HTTPFields = [.contentType: "application/problem+json"]
        for (name, value) in self.headers {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        return Response(
            status: .init(code: status), headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: problem.json)))
    }
}
