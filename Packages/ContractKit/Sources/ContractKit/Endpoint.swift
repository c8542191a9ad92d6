public import ExactTypes
public import StrictJSON

/// An operation of a contract: what a request carries, and what its answers are.
///
/// The server reads requests and writes answers by it, a client writes requests and reads answers. The conforming types
/// are generated from the contexts' OpenAPI documents, one for each operationId.
public protocol Endpoint: Sendable {
    /// What stands in the path, in the query, and in headers that are the operation's own.
    associatedtype Parameters: Sendable
    /// What the request's body is.
    associatedtype Body: RequestBody
    /// The answers that are no problems.
    associatedtype Output: Sendable

    /// The facts of the operation.
    static var description: EndpointDescription { get }
    /// Reads the parameters of a request.
    static func parameters(reading reader: ParameterReader) throws(ParameterFault) -> Parameters
    /// Writes the parameters of a request.
    static func write(_ parameters: Parameters, to writer: inout ParameterWriter)
    /// The answer as it crosses the wire.
    static func answer(_ output: Output) -> Answer
    /// Reads an answer that is no problem.
    static func output(reading answer: Answer, _ rules: ReadingRules) throws(FieldError) -> Output
}

/// An operation that needs no token.
public protocol OpenEndpoint: Endpoint {}

/// A read of a user who is signed in.
public protocol ReadEndpoint: Endpoint {}

/// A write that may be repeated as it is.
public protocol WriteEndpoint: Endpoint {}

/// A write that takes `Idempotency-Key`: with the same key it happens once.
public protocol IdempotentEndpoint: Endpoint {}

/// The parameters of a list: which page is asked for.
public protocol PagedParameters: Sendable {
    /// The cursor of the page before; nil for the first page.
    var after: String? { get set }
    /// How many rows the page may hold.
    var limit: Int { get }
}

/// The answer of a list: a page, and whether there is another.
public protocol PagedOutput: Sendable {
    /// The cursor of the next page; nil on the last.
    var next: String? { get }
}

/// The facts of an operation, as its document states them.
public struct EndpointDescription: Sendable, Hashable {
    /// The methods that contracts use.
    public enum Method: String, Sendable, Hashable, CaseIterable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    /// Who may call.
    public enum Access: Sendable, Hashable {
        /// No token is needed.
        case everyone
        /// Who is signed in.
        case user
        /// Who has the operator's role.
        case `operator`
    }

    /// The operationId.
    public let id: String
    public let method: Method
    /// The path with its parameters: `/v1/portfolios/{portfolio_id}`.
    public let path: String
    public let access: Access
    /// The headers that are parameters of the operation.
    public let headers: [String]
    /// The media types of the body; empty where there is none.
    public let bodyTypes: [String]
    /// Whether the request carries `Idempotency-Key`.
    public let takesIdempotencyKey: Bool
    /// Whether the request may carry `If-Match`.
    public let takesIfMatch: Bool
    /// Whether the request may carry `If-None-Match`, and be answered with 304.
    public let takesIfNoneMatch: Bool
    /// The media types of what a success carries; empty where it carries nothing.
    public let answerTypes: [String]
    /// The answers as the document lists them: "200", "4XX", "default".
    public let answers: Set<String>

    /// Facts that are known already.
    public init(
        id: String, method: Method, path: String, access: Access, headers: [String] = [],
        bodyTypes: [String] = [],
        takesIdempotencyKey: Bool = false, takesIfMatch: Bool = false, takesIfNoneMatch: Bool = false,
        answerTypes: [String] = [], answers: Set<String>
    ) {
        self.id = id
        self.method = method
        self.path = path
        self.access = access
        self.headers = headers
        self.bodyTypes = bodyTypes
        self.takesIdempotencyKey = takesIdempotencyKey
        self.takesIfMatch = takesIfMatch
        self.takesIfNoneMatch = takesIfNoneMatch
        self.answerTypes = answerTypes
        self.answers = answers
    }

    /// Whether the document has an answer of this status.
    public func hasAnswer(_ status: Int) -> Bool {
        answers.contains(String(status)) || answers.contains("\(status / 100)XX")
            || status >= 400 && answers.contains("default")
    }
}

/// An operation without parameters.
public struct NoParameters: Sendable, Hashable {
    /// Nothing.
    public init() {}
}
