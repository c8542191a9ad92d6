import ContractKit
import ExactTypes
import Foundation
import GamificationContract
import MarketContract
import NotificationsContract
import PortfoliosContract
import ServiceKitContract
import StrictJSON
import Testing
import UsersContract

/// Holds what services answer in tests against the contexts' documents. ``TestClient`` and ``TestTransport`` ask it of every
/// answer: the endpoint that the path belongs to reads it, strictly, and what its document does not have fails the test.
public enum ContractCheck {
    /// An operation of a document.
    struct Operation: Sendable {
        let endpoint: any Endpoint.Type
        let facts: EndpointDescription
        private let segments: [String]
        /// How many segments of the path are parameters.
        let parameters: Int

        init(_ endpoint: any Endpoint.Type) {
            self.endpoint = endpoint
            facts = endpoint.description
            segments = facts.path.split(separator: "/").map(String.init)
            parameters = segments.count { $0.hasPrefix("{") }
        }

        func matches(_ path: [String]) -> Bool {
            path.count == segments.count && zip(segments, path).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }
    }

    private static let operations =
        (GamificationAPI.endpoints + MarketAPI.endpoints + NotificationsAPI.endpoints
        + PortfoliosAPI.endpoints
        + ServiceKitAPI.endpoints + UsersAPI.endpoints).map(Operation.init)

    /// What the problems of an operation carry beyond RFC 9457. Those of all others carry nothing more.
    private static func readExtensions(of problem: Problem, to id: String) throws(FieldError) {
        switch id {
        case "importBars", "importExchangeRates", "importOwnerPrices":
            _ = try problem.extensions(as: MarketAPI.ImportProblem.self, .strictAnswer)
        case "importActivities":
            _ = try problem.extensions(as: PortfoliosAPI.ImportActivities.Problem422.self, .strictAnswer)
        default:
            try MemberReader(.object(problem.extensions), .strictAnswer).refuseOthers(than: [])
        }
    }

    /// The operation that answers a request; nil where no document has the path.
    static func operation(_ method: String, _ url: String) -> Operation? {
        guard let path = URLComponents(string: url)?.path else { return nil }
        let segments = path.split(separator: "/").map(String.init)
        return operations.filter { $0.facts.method.rawValue == method && $0.matches(segments) }
            .min { $0.parameters < $1.parameters }
    }

    /// Records an issue where the document of a request's operation has no such answer. Gives the operation's id where the
    /// document has it.
    @discardableResult
    public static func hold(_ answer: Answer, to method: String, _ url: String) -> String? {
        guard let operation = operation(method, url) else { return nil }
        do throws(FieldError) {
            try check(answer, of: operation.endpoint)
            return operation.facts.id
        } catch {
            let body = String(decoding: answer.content?.bytes.prefix(2_000) ?? [], as: UTF8.self)
            Issue.record("\(operation.facts.id), \(answer.status): \(error.field) \(error.reason). \(body)")
            return nil
        }
    }

    /// Throws where an answer to a request is none that the document of its operation has.
    public static func check(_ answer: Answer, to method: String, _ url: String) throws(FieldError) {
        guard let operation = operation(method, url) else { return }
        try check(answer, of: operation.endpoint)
    }

    private static func check<E: Endpoint>(_ answer: Answer, of endpoint: E.Type) throws(FieldError) {
        let facts = endpoint.description
        switch answer.status {
        case 200..<300:
            if let type = answer.content?.mediaType, !facts.answerTypes.contains(type) {
                throw FieldError(field: "Content-Type", reason: "is \(type)")
            }
            try compare(answer, E.answer(try E.output(reading: answer, .strictAnswer)))
        case 304:
            guard facts.hasAnswer(304) else { throw answer.unforeseen }
            guard answer.content == nil else { throw FieldError(field: "body", reason: "must not be there") }
        default:
            guard facts.hasAnswer(answer.status) else { throw answer.unforeseen }
            guard answer.content?.mediaType == "application/problem+json" else {
                throw FieldError(field: "Content-Type", reason: "is \(answer.content?.type ?? "missing")")
            }
            let problem = try answer.body(ValueReader<Problem>.nested, .strictAnswer)
            guard problem.status == answer.status else {
                throw FieldError(field: "status", reason: "is \(problem.status) in the problem")
            }
            try readExtensions(of: problem, to: facts.id)
        }
    }

    /// Throws where an answer is not as the endpoint would write what it has read: a header with another value, or one
    /// too many; null where a member is left out; a figure in another form.
    private static func compare(_ answer: Answer, _ written: Answer) throws(FieldError) {
        for (name, value) in written.headers {
            let given = try answer.requiredHeader(name)
            guard given == value else { throw FieldError(field: name, reason: "is \(given), not \(value)") }
        }
        for name in ["ETag", "Location"] where answer.header(name) != nil && written.header(name) == nil {
            throw FieldError(field: name, reason: "is a header that the document does not have")
        }
        guard let content = answer.content, content.mediaType == "application/json",
            let again = written.content
        else { return }
        if let difference = try content.value().difference(from: again.value()) { throw difference }
    }
}

extension JSONValue {
    /// The first member that another value does not have so; nil where they are the same.
    func difference(from other: JSONValue, at path: String = "") -> FieldError? {
        switch (self, other) {
        case (.object(let members), .object(let others)):
            for name in Set(members.keys).union(others.keys).sorted() {
                let path = path.isEmpty ? name : "\(path).\(name)"
                guard let member = members[name], let other = others[name] else {
                    let there = members[name] != nil
                    return FieldError(field: path, reason: there ? "is too much" : "is missing")
                }
                if let difference = member.difference(from: other, at: path) { return difference }
            }
            return nil
        case (.array(let elements), .array(let others)) where elements.count == others.count:
            for (index, pair) in zip(elements, others).enumerated() {
                let difference = pair.0.difference(from: pair.1, at: "\(path)[\(index)]")
                if let difference { return difference }
            }
            return nil
        default:
            return self == other ? nil : FieldError(field: path, reason: "is \(text), not \(other.text)")
        }
    }
}
