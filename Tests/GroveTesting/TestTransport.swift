import AsyncHTTPClient
import AsyncHTTPTransport
public import ContractKit
import StrictJSON

/// Carries the requests of a ``ContractClient`` over a real socket and holds each answer against its document. An operation
/// that answers with success has been called by the client.
public struct TestTransport: Transport {
    private static let called = CalledOperations()

    private let transport = AsyncHTTPTransport(.shared)

    public init() {}

    public func send(_ request: TransportRequest) async throws -> Answer {
        let answer = try await transport.send(request)
        hold(answer, to: request)
        try await TestClient.shared.expectSame(
            atLocationOf: answer, to: request.method.rawValue, request.url,
            authorization: request.headers.first { $0.name == "Authorization" }?.value)
        return answer
    }

    public func stream(_ request: TransportRequest) async throws -> StreamedAnswer {
        let streamed = try await transport.stream(request)
        var head = streamed.head
        head.content = Content(type: head.header("Content-Type") ?? "", bytes: [])
        guard head.status < 300 else {
            // A refusal is short, and whole before it is held.
            var bytes: [UInt8] = []
            for try await piece in streamed.pieces { bytes += piece }
            head.content = head.content.map { Content(type: $0.type, bytes: bytes) }
            hold(head, to: request)
            return StreamedAnswer(
                head: streamed.head,
                pieces: AsyncThrowingStream { continuation in
                    continuation.yield(bytes)
                    continuation.finish()
                })
        }
        hold(head, to: request)
        return streamed
    }

    private func hold(_ answer: Answer, to request: TransportRequest) {
        let operation = ContractCheck.hold(answer, to: request.method.rawValue, request.url)
        if let operation, answer.status < 300 { Self.called.add(operation) }
    }
}

extension ContractClient {
    /// The client as tests have it: it reads answers strictly, and does not wait long before it asks again.
    public static func forTests(baseURL: String, token: String? = nil) -> ContractClient {
        ContractClient(
            baseURL: baseURL, transport: TestTransport(), rules: .strictAnswer,
            wait: { try await Task.sleep(for: min($0, .milliseconds(50))) }, token: { token })
    }
}
