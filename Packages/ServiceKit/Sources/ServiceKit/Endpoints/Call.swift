public import ContractKit
import ExactTypes
public import Foundation
import HTTPTypes
public import Hummingbird
import NIOCore
public import SharedTypes
import StrictJSON

/// A request by the endpoint that it is for, from a user who is signed in.
public struct Call<E: Endpoint>: Sendable {
    /// What stands in the path, in the query, and in headers of the operation's own.
    public let parameters: E.Parameters
    /// The body. One that is a file is not read: the handler takes its bytes from the request.
    public let body: E.Body
    /// Who asks; an operator where the operation is for operators.
    public let principal: Principal
    /// The moment of the request.
    public let now: Date
    public let context: ServiceContext
    public let request: Request

    /// The user who asks.
    public var user: User.ID { principal.userID }

    /// Throws 412 where If-Match is present and does not name this revision: the client has seen another state.
    public func requireMatch(revision: Int) throws(Problem) { try request.requireMatch(revision: revision) }

    /// Reads a request: who asks first, then the path, the query, and the body, whose bytes it gives too.
    static func read(
        _ request: Request, _ context: ServiceContext, now: Date
    ) async throws -> (call: Call, bytes: ByteBuffer?) {
        let principal =
            E.description.access == .operator ? try context.operator() : try context.user()
        let (open, bytes) = try await OpenCall<E>.read(request, context, now: now)
        let call = Call(
            parameters: open.parameters, body: open.body, principal: principal, now: now, context: context,
            request: request)
        return (call, bytes)
    }
}

/// A request by the endpoint that it is for, of an operation that needs no token.
public struct OpenCall<E: Endpoint>: Sendable {
    /// What stands in the path, in the query, and in headers of the operation's own.
    public let parameters: E.Parameters
    public let body: E.Body
    /// The moment of the request.
    public let now: Date
    public let context: ServiceContext
    public let request: Request

    static func read(
        _ request: Request, _ context: ServiceContext, now: Date
    ) async throws -> (call: OpenCall, bytes: ByteBuffer?) {
        let reader = try ParameterReader(request, context, E.description)
        let parameters: E.Parameters
        do throws(ParameterFault) {
            parameters = try E.parameters(reading: reader)
        } catch {
            throw Problem(error)
        }
        var (value, bytes): (JSONValue, ByteBuffer?) = (.null, nil)
        if E.description.bodyTypes == ["application/json"] {
            (value, bytes) = try await request.json(context)
        }
        let call = OpenCall(
            parameters: parameters, body: try E.Body(reading: value, .request), now: now, context: context,
            request: request)
        return (call, bytes)
    }
}

extension ParameterReader {
    fileprivate init(
        _ request: Request, _ context: ServiceContext, _ facts: EndpointDescription
    ) throws(Problem) {
        var path: [String: JSONValue] = [:]
        for (name, value) in context.parameters { path[String(name)] = .string(String(value)) }
        var headers: [String: JSONValue] = [:]
        for name in facts.headers {
            headers[name] = HTTPField.Name(name).flatMap { request.headers[$0] }.map(JSONValue.string)
        }
        self.init(path: path, query: try request.queryValues(), headers: headers)
    }
}

extension Problem {
    /// 404 where the path names nothing, 422 where a parameter is at fault.
    fileprivate init(_ fault: ParameterFault) {
        switch fault {
        case .path(let name): self = .notFound(name.hasSuffix("_id") ? String(name.dropLast(3)) : name)
        case .field(let error): self = .invalid(error.field, error.reason)
        }
    }
}
