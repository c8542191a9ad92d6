import ExactTypes
public import Foundation
public import StrictJSON

/// Calls the endpoints of contracts: the parameters and the body of an operation go out, its answer comes back, and a
/// problem is thrown.
///
///     let page = try await client.send(PortfoliosAPI.ListPortfolios.self, .init(limit: 10)).body
///
/// A read, and a write with an Idempotency-Key, is sent again where no answer came or the service asks for it; the key
/// stays the same, so that the write happens once.
public struct ContractClient: Sendable {
    private let baseURL: String
    private let transport: any Transport
    private let rules: ReadingRules
    private let attempts: Int
    private let token: @Sendable () async throws -> String?
    private let wait: @Sendable (Duration) async throws -> Void

    /// - Parameters:
    ///   - baseURL: where the service is, as `https://grove.example`.
    ///   - rules: how answers are read; tests read them strictly.
    ///   - attempts: how often a request is sent at most.
    ///   - wait: between two attempts.
    ///   - token: the access token of the user who asks; nil where no user is signed in.
    public init(
        baseURL: String, transport: any Transport, rules: ReadingRules = .answer, attempts: Int = 3,
        wait: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
        token: @escaping @Sendable () async throws -> String? = { nil }
    ) {
        self.baseURL = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        self.transport = transport
        self.rules = rules
        self.attempts = attempts
        self.wait = wait
        self.token = token
    }

    /// The same client for another user.
    public func with(token: String?) -> ContractClient {
        ContractClient(
            baseURL: baseURL, transport: transport, rules: rules, attempts: attempts, wait: wait,
            token: { token })
    }
}

extension ContractClient {
    /// Calls an operation; throws a ``Problem`` where the service refuses, and what the transport throws where no
    /// answer came.
    ///
    /// - Parameters:
    ///   - ifMatch: the revision that was read: where there is a newer one, the service refuses with 412.
    ///   - key: one for one intention. It is made where it is left out; give your own to send the same intention again
    ///     in another call.
    public func send<E: Endpoint>(
        _ endpoint: E.Type, _ parameters: E.Parameters, _ body: E.Body, ifMatch: ETag? = nil,
        key: IdempotencyKey? = nil
    ) async throws -> E.Output {
        var request = try await request(endpoint, parameters, body)
        if let ifMatch { request.headers.append(("If-Match", ifMatch.description)) }
        if E.description.takesIdempotencyKey {
            let key = key ?? IdempotencyKey(UUID())
            request.headers.append(("Idempotency-Key", key.description))
        }
        return try E.output(reading: try await answer(to: request, E.description), rules)
    }

    /// The same of an operation without a body.
    public func send<E: Endpoint>(
        _ endpoint: E.Type, _ parameters: E.Parameters, ifMatch: ETag? = nil, key: IdempotencyKey? = nil
    ) async throws -> E.Output where E.Body == EmptyBody {
        try await send(endpoint, parameters, EmptyBody(), ifMatch: ifMatch, key: key)
    }

    /// The same of an operation without parameters.
    public func send<E: Endpoint>(
        _ endpoint: E.Type, body: E.Body, ifMatch: ETag? = nil, key: IdempotencyKey? = nil
    ) async throws -> E.Output where E.Parameters == NoParameters {
        try await send(endpoint, NoParameters(), body, ifMatch: ifMatch, key: key)
    }

    /// The same of an operation without either.
    public func send<E: Endpoint>(
        _ endpoint: E.Type, ifMatch: ETag? = nil, key: IdempotencyKey? = nil
    ) async throws -> E.Output where E.Parameters == NoParameters, E.Body == EmptyBody {
        try await send(endpoint, NoParameters(), EmptyBody(), ifMatch: ifMatch, key: key)
    }

    /// Reads what has changed since a revision; nil where it is still that one.
    public func read<E: ReadEndpoint>(
        _ endpoint: E.Type, _ parameters: E.Parameters, ifNoneMatch tag: ETag
    ) async throws -> E.Output? where E.Body == EmptyBody {
        var request = try await request(endpoint, parameters, EmptyBody())
        request.headers.append(("If-None-Match", tag.description))
        let answer = try await answer(to: request, E.description)
        return answer.status == 304 ? nil : try E.output(reading: answer, rules)
    }

    /// The same of an operation without parameters.
    public func read<E: ReadEndpoint>(
        _ endpoint: E.Type, ifNoneMatch tag: ETag
    ) async throws -> E.Output? where E.Parameters == NoParameters, E.Body == EmptyBody {
        try await read(endpoint, NoParameters(), ifNoneMatch: tag)
    }

    /// The events of a stream, until it ends or is no longer read. It is not begun anew by itself: give the id of the
    /// last event as the parameter `Last-Event-ID` of the next call.
    public func events<E: ReadEndpoint>(
        _ endpoint: E.Type, _ parameters: E.Parameters
    ) async throws -> AsyncThrowingStream<ServerSentEvent, any Error> where E.Body == EmptyBody {
        let request = try await request(endpoint, parameters, EmptyBody())
        let streamed = try await transport.stream(request)
        guard streamed.head.status < 400 else {
            var answer = streamed.head
            var bytes: [UInt8] = []
            for try await piece in streamed.pieces { bytes += piece }
            answer.content = Content(type: "application/problem+json", bytes: bytes)
            throw Self.problem(answer)
        }
        return AsyncThrowingStream { continuation in
            let reading = Task {
                do {
                    var parser = ServerSentEventParser()
                    for try await piece in streamed.pieces {
                        for event in try parser.take(piece) { continuation.yield(event) }
                    }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in reading.cancel() }
        }
    }
}

extension ContractClient {
    private func request<E: Endpoint>(
        _ endpoint: E.Type, _ parameters: E.Parameters, _ body: E.Body
    ) async throws -> TransportRequest {
        var writer = ParameterWriter(path: E.description.path)
        E.write(parameters, to: &writer)
        var headers = writer.headers
        if E.description.access != .everyone, let token = try await token() {
            headers.append(("Authorization", "Bearer \(token)"))
        }
        let content = body.requestContent
        if let content { headers.append(("Content-Type", content.type)) }
        return TransportRequest(
            method: E.description.method,
            url: baseURL + writer.path + (writer.query.isEmpty ? "" : "?" + writer.query),
            headers: headers, bytes: content?.bytes)
    }

    /// Sends until there is an answer that is no problem of the moment, as often as may be.
    private func answer(
        to request: TransportRequest, _ facts: EndpointDescription
    ) async throws -> Answer {
        let mayRepeat = facts.method == .get || facts.takesIdempotencyKey
        var attempt = 1
        while true {
            let isLast = !mayRepeat || attempt >= attempts
            do {
                let answer = try await transport.send(request)
                guard answer.status >= 400 else { return answer }
                let problem = Self.problem(answer)
                guard !isLast, let seconds = Self.retryAfter(problem) else { throw problem }
                try await wait(.seconds(seconds))
            } catch let error where !isLast && !(error is Problem) && !(error is CancellationError) {
                try await wait(.milliseconds(100 << attempt))
            }
            attempt += 1
        }
    }

    /// For how long to wait before the request is sent again; nil where that would be of no use.
    private static func retryAfter(_ problem: Problem) -> Int? {
        guard problem.status == 503 || problem.status == 429 || problem.status == 409 else { return nil }
        // A conflict without the header is one of the state, and stays.
        guard let seconds = problem.headers["retry-after"].flatMap({ Int($0) }), (0...60).contains(seconds)
        else { return nil }
        return seconds
    }

    private static func problem(_ answer: Answer) -> Problem {
        let value = try? answer.content?.value()
        var problem =
            value.flatMap { try? Problem(reading: $0, .answer) }
            ?? Problem(
                status: answer.status, slug: "unreadable", title: "The answer is no problem document")
        problem.headers["retry-after"] = answer.header("Retry-After")
        return problem
    }
}
