public import AsyncHTTPClient
public import ContractKit
public import NIOCore
import NIOHTTP1

/// Carries requests by async-http-client, which knows streams.
public struct AsyncHTTPTransport: Transport {
    private let client: HTTPClient
    private let timeout: TimeAmount
    private let maximumBytes: Int

    /// - Parameters:
    ///   - client: its owner shuts it down.
    ///   - timeout: for a whole answer. A stream has none.
    ///   - maximumBytes: what an answer may hold.
    public init(
        _ client: HTTPClient, timeout: TimeAmount = .seconds(60), maximumBytes: Int = 67_108_864
    ) {
        self.client = client
        self.timeout = timeout
        self.maximumBytes = maximumBytes
    }

    public func send(_ request: TransportRequest) async throws -> Answer {
        let response = try await client.execute(Self.request(request), timeout: timeout)
        var answer = Self.head(response)
        let body = try await response.body.collect(upTo: maximumBytes)
        // A file may be empty.
        let type = answer.header("Content-Type")
        if type != nil || body.readableBytes > 0 {
            answer.content = Content(type: type ?? "", bytes: Array(body.readableBytesView))
        }
        return answer
    }

    public func stream(_ request: TransportRequest) async throws -> StreamedAnswer {
        // The deadline is that of the connection and of the head; the body comes for as long as it is read.
        let response = try await client.execute(Self.request(request), deadline: .distantFuture)
        let pieces = AsyncThrowingStream<[UInt8], any Error> { continuation in
            let reading = Task {
                do {
                    for try await buffer in response.body {
                        continuation.yield(Array(buffer.readableBytesView))
                    }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in reading.cancel() }
        }
        return StreamedAnswer(head: Self.head(response), pieces: pieces)
    }

    private static func request(_ request: TransportRequest) -> HTTPClientRequest {
        var written = HTTPClientRequest(url: request.url)
        written.method = .RAW(value: request.method.rawValue)
        for (name, value) in request.headers { written.headers.add(name: name, value: value) }
        if let bytes = request.bytes { written.body = .bytes(ByteBuffer(bytes: bytes)) }
        return written
    }

    private static func head(_ response: HTTPClientResponse) -> Answer {
        Answer(
            status: Int(response.status.code),
            headers: response.headers.map { (name: $0.name, value: $0.value) })
    }
}
