public import ExactTypes
public import StrictJSON

/// What a request carries after its headers.
public protocol RequestBody: Sendable {
    /// Reads a body of JSON.
    init(reading value: JSONValue, _ rules: ReadingRules) throws(FieldError)
    /// The body as it crosses the wire; nil where there is none.
    var requestContent: Content? { get }
}

/// Bytes and what they are.
public struct Content: Sendable, Hashable {
    /// The media type, with the parameters that came with it: `text/csv; charset=utf-8`.
    public let type: String
    public let bytes: [UInt8]

    /// Content that is known already.
    public init(type: String, bytes: [UInt8]) {
        self.type = type
        self.bytes = bytes
    }

    /// JSON.
    public init(json value: some JSONWritable) {
        self.init(type: "application/json", bytes: value.json)
    }

    /// The media type as contracts list it, without parameters: `text/csv`.
    public var mediaType: String {
        String(type.prefix { $0 != ";" && $0 != " " }).lowercased()
    }

    /// The value that the bytes write; throws where they are no JSON.
    public func value() throws(FieldError) -> JSONValue {
        do throws(JSONSyntaxError) {
            return try JSONParser.parse(bytes)
        } catch {
            throw FieldError(field: "", reason: "is not JSON: \(error.reason), at byte \(error.offset)")
        }
    }
}

extension RequestBody where Self: JSONWritable {
    /// The value as JSON.
    public var requestContent: Content? { Content(json: self) }
}

/// A request that has no body.
public struct EmptyBody: RequestBody, Hashable {
    public let requestContent: Content? = nil

    /// Nothing.
    public init() {}

    /// Whatever is sent is passed over.
    public init(reading value: JSONValue, _ rules: ReadingRules) throws(FieldError) {}
}

/// A body that is a file in one of the operation's media types. The server reads it as bytes, in its own way.
public struct FileBody: RequestBody, Hashable {
    public let requestContent: Content?

    /// A file.
    public init(type: String, bytes: [UInt8]) {
        requestContent = Content(type: type, bytes: bytes)
    }

    /// A file of the contract's JSON.
    public init(reading value: JSONValue, _ rules: ReadingRules) throws(FieldError) {
        requestContent = Content(json: value)
    }
}
