/// What a fake vendor answers.
public struct FakeAnswer: Sendable, Hashable {
    public var status: Int
    public var headers: [String: String]
    public var body: [UInt8]

    public init(status: Int = 200, headers: [String: String] = [:], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// JSON, as the vendors send it.
    static func json(_ body: [UInt8], status: Int = 200) -> FakeAnswer {
        FakeAnswer(
            status: status, headers: ["Content-Type": "application/json; charset=utf-8"], body: body)
    }

    /// A page for people, as proxies put before what they protect.
    static func html(status: Int = 200) -> FakeAnswer {
        FakeAnswer(
            status: status, headers: ["Content-Type": "text/html; charset=utf-8"],
            body: Array("<!DOCTYPE html><html><body><h1>Just a moment...</h1></body></html>".utf8))
    }

    /// The head as it crosses the wire; its length is always that of the whole body.
    var head: [UInt8] {
        var text = "HTTP/1.1 \(status) \(Self.reasons[status] ?? "Answer")\r\n"
        for (name, value) in headers.sorted(by: { $0.key < $1.key }) { text += "\(name): \(value)\r\n" }
        text += "Content-Length: \(body.count)\r\nConnection: close\r\n\r\n"
        return Array(text.utf8)
    }

    private static let reasons = [
        200: "OK", 302: "Found", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
        422: "Unprocessable Entity", 429: "Too Many Requests", 500: "Internal Server Error",
        502: "Bad Gateway", 503: "Service Unavailable",
    ]
}
