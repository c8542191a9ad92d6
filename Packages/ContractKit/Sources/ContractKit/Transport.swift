/// What carries requests to a service, and answers back.
public protocol Transport: Sendable {
    /// Sends a request and waits for the whole answer. Throws where there is none: what the service then did is not known.
    func send(_ request: TransportRequest) async throws -> Answer
    /// Sends a request whose answer goes on for long. Throws ``TransportFault/streamsAreNotSupported`` where the
    /// transport cannot.
    func stream(_ request: TransportRequest) async throws -> StreamedAnswer
}

/// A request as it crosses the wire.
public struct TransportRequest: Sendable {
    public let method: EndpointDescription.Method
    /// With the query, encoded.
    public let url: String
    public var headers: [(name: String, value: String)]
    /// The body; nil where there is none.
    public let bytes: [UInt8]?

    /// A request that is known already.
    public init(
        method: EndpointDescription.Method, url: String, headers: [(name: String, value: String)],
        bytes: [UInt8]?
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.bytes = bytes
    }
}

/// An answer whose body comes piece by piece.
public struct StreamedAnswer: Sendable {
    /// Status and headers, without a body.
    public let head: Answer
    public let pieces: AsyncThrowingStream<[UInt8], any Error>

    /// An answer whose head is known already.
    public init(head: Answer, pieces: AsyncThrowingStream<[UInt8], any Error>) {
        self.head = head
        self.pieces = pieces
    }
}

/// What a transport cannot do.
public enum TransportFault: Error, Sendable, Hashable {
    /// Streams need another transport.
    case streamsAreNotSupported
    /// The text is no address.
    case addressIsMalformed(String)
    /// What came is no answer of HTTP.
    case answerIsMalformed
}
