public import ExactTypes
import Foundation
public import StrictJSON

/// The parameters of a request that a server has received.
public struct ParameterReader {
    private let path: MemberReader
    private let query: MemberReader
    private let headers: MemberReader

    /// - Parameters:
    ///   - path: the segments that stand for parameters, decoded.
    ///   - query: each parameter as a text.
    ///   - headers: those that the request has, as texts, by their names in the document.
    public init(path: [String: JSONValue], query: [String: JSONValue], headers: [String: JSONValue]) {
        self.path = MemberReader(path, .parameters)
        self.query = MemberReader(query, .parameters)
        self.headers = MemberReader(headers, .parameters)
    }

    /// A parameter of the path. What is no such value names nothing that exists.
    public func path<Value: Sendable>(
        _ name: String, _ reader: ValueReader<Value>
    ) throws(ParameterFault) -> Value {
        do throws(FieldError) {
            return try path.required(name, reader)
        } catch {
            throw .path(name)
        }
    }

    /// A parameter of the query that must be there.
    public func requiredQuery<Value: Sendable>(
        _ name: String, _ reader: ValueReader<Value>
    ) throws(ParameterFault) -> Value {
        do throws(FieldError) {
            return try query.required(name, reader)
        } catch {
            throw .field(error)
        }
    }

    /// A parameter of the query; nil where it is left out.
    public func query<Value: Sendable>(
        _ name: String, _ reader: ValueReader<Value>
    ) throws(ParameterFault) -> Value? {
        do throws(FieldError) {
            return try query.optional(name, reader)
        } catch {
            throw .field(error)
        }
    }

    /// A header; nil where it is left out.
    public func header<Value: Sendable>(
        _ name: String, _ reader: ValueReader<Value>
    ) throws(ParameterFault) -> Value? {
        do throws(FieldError) {
            return try headers.optional(name, reader)
        } catch {
            throw .field(error)
        }
    }

    /// Refuses parameters of the query that the contract does not know.
    public func refuseOtherQueries(than known: Set<String>) throws(ParameterFault) {
        do throws(FieldError) {
            try query.refuseOthers(than: known)
        } catch {
            throw .field(error)
        }
    }
}

/// Why a request's parameters are refused.
public enum ParameterFault: Error, Sendable, Hashable {
    /// The path names nothing: what stands for this parameter cannot be one.
    case path(String)
    /// A parameter of the query or a header is at fault.
    case field(FieldError)
}

/// The parameters of a request that a client is about to send.
public struct ParameterWriter: Sendable {
    /// The path, in which each parameter that was written stands in its place.
    public private(set) var path: String
    /// The query, encoded, without its question mark.
    public private(set) var query = ""
    /// Headers that are the operation's own.
    public private(set) var headers: [(name: String, value: String)] = []

    // What RFC 3986 calls unreserved, so that it can stand in a path and in a query alike.
    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

    /// No parameters yet.
    public init(path: String) { self.path = path }

    /// A parameter of the path.
    public mutating func path(_ name: String, _ text: String) {
        path = path.replacing("{\(name)}", with: Self.encoded(text))
    }

    /// A parameter of the query.
    public mutating func query(_ name: String, _ text: String) {
        query += (query.isEmpty ? "" : "&") + Self.encoded(name) + "=" + Self.encoded(text)
    }

    /// A header.
    public mutating func header(_ name: String, _ text: String) { headers.append((name, text)) }

    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }
}
