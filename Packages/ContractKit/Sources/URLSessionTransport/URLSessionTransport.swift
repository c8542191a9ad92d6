public import ContractKit
public import Foundation

#if canImport(FoundationNetworking)
    public import FoundationNetworking
#endif

/// Carries requests by Foundation's URLSession. It knows streams on Apple's systems, and none on Linux.
public struct URLSessionTransport: Transport {
    private let session: URLSession

    /// - Parameter session: its owner configures and ends it.
    public init(_ session: URLSession) { self.session = session }

    public func send(_ request: TransportRequest) async throws -> Answer {
        let (data, response) = try await session.data(for: try Self.request(request))
        var answer = try Self.head(response)
        // A file may be empty.
        let type = answer.header("Content-Type")
        if type != nil || !data.isEmpty {
            answer.content = Content(type: type ?? "", bytes: Array(data))
        }
        return answer
    }

    public func stream(_ request: TransportRequest) async throws -> StreamedAnswer {
        #if canImport(FoundationNetworking)
            throw TransportFault.streamsAreNotSupported
        #else
            let (bytes, response) = try await session.bytes(for: try Self.request(request))
            let pieces = AsyncThrowingStream<[UInt8], any Error> { continuation in
                let reading = Task {
                    do {
                        for try await byte in bytes { continuation.yield([byte]) }
                        continuation.finish()
                    } catch {
                        continuation.finish(throwing: error)
                    }
                }
                continuation.onTermination = { _ in reading.cancel() }
            }
            return StreamedAnswer(head: try Self.head(response), pieces: pieces)
        #endif
    }

    private static func request(_ request: TransportRequest) throws -> URLRequest {
        guard let url = URL(string: request.url) else {
            throw TransportFault.addressIsMalformed(request.url)
        }
        var written = URLRequest(url: url)
        written.httpMethod = request.method.rawValue
        for (name, value) in request.headers { written.addValue(value, forHTTPHeaderField: name) }
        written.httpBody = request.bytes.map { Data($0) }
        return written
    }

    private static func head(_ response: URLResponse) throws -> Answer {
        guard let response = response as? HTTPURLResponse else { throw TransportFault.answerIsMalformed }
        let headers = response.allHeaderFields.compactMap { name, value in
            (name as? String).map { (name: $0, value: "\(value)") }
        }
        return Answer(status: response.statusCode, headers: headers)
    }
}
