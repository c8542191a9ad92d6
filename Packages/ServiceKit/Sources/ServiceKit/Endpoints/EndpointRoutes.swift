public import ContractKit
import Crypto
public import DatabaseClient
public import EventLog
public import Foundation
import HTTPTypes
public import Hummingbird
public import NIOCore
import StrictJSON

/// Binds the endpoints of a module's contract to what answers them: a module's `addRoutes` reads as its table of
/// contents.
///
/// What the document states is checked before the handler runs: who may call, parameters, body, Idempotency-Key. What
/// the handler gives back is written as the document says.
public struct EndpointRoutes {
    private let router: ServiceRouter
    private let database: Database
    private let hashingBody: @Sendable (ByteBuffer) -> [UInt8]
    private let now: @Sendable () -> Date

    /// - Parameters:
    ///   - database: of the service's role, on which writes have their transactions.
    ///   - hashingBody: what is kept of a body with its Idempotency-Key, so that another one is refused. Where bodies hold
    ///     passwords it is a hash with a key: by a plain one, a stolen table could be searched for them.
    ///   - now: the clock of the module.
    public init(
        _ router: ServiceRouter, on database: Database,
        hashingBody: @escaping @Sendable (ByteBuffer) -> [UInt8] = EndpointRoutes.sha256,
        now: @escaping @Sendable () -> Date
    ) {
        self.router = router
        self.database = database
        self.hashingBody = hashingBody
        self.now = now
    }

    /// A hash without a key.
    @Sendable public static func sha256(of bytes: ByteBuffer) -> [UInt8] {
        Array(SHA256.hash(data: bytes.readableBytesView))
    }

    /// An operation that needs no token.
    public func open<E: OpenEndpoint>(
        _ endpoint: E.Type,
        _ handler: @escaping @Sendable (OpenCall<E>) async throws -> E.Output
    ) {
        Self.on(endpoint, in: router) { [now] request, context in
            let (call, _) = try await OpenCall<E>.read(request, context, now: now())
            return Response(E.answer(try await handler(call)))
        }
    }

    /// A read. Where the client has the revision already, the answer is 304.
    public func read<E: ReadEndpoint>(
        _ endpoint: E.Type, _ handler: @escaping @Sendable (Call<E>) async throws -> E.Output
    ) {
        Self.read(endpoint, in: router, now: now, handler)
    }

    /// A read of a module that has no database of its own.
    static func read<E: ReadEndpoint>(
        _ endpoint: E.Type, in router: ServiceRouter, now: @escaping @Sendable () -> Date,
        _ handler: @escaping @Sendable (Call<E>) async throws -> E.Output
    ) {
        on(endpoint, in: router) { request, context in
            let (call, _) = try await Call<E>.read(request, context, now: now())
            let answer = E.answer(try await handler(call))
            if E.description.takesIfNoneMatch, let tag = answer.header("ETag"),
                request.isNotModified(entityTag: tag)
            {
                return Response(status: .notModified, headers: [.eTag: tag])
            }
            return Response(answer)
        }
    }

    /// A write that may be repeated as it is, in a transaction of the user who asks.
    public func write<E: WriteEndpoint>(
        _ endpoint: E.Type,
        _ handler: @escaping @Sendable (Call<E>, OperationContext) async throws -> E.Output
    ) {
        Self.on(endpoint, in: router) { [now, database] request, context in
            let (call, _) = try await Call<E>.read(request, context, now: now())
            let output = try await context.write(as: call.user, on: database, at: call.now) { operation in
                try await handler(call, operation)
            }
            return Response(E.answer(output))
        }
    }

    /// A write that happens once for its Idempotency-Key: a repetition is given the first answer.
    public func once<E: IdempotentEndpoint>(
        _ endpoint: E.Type,
        _ handler: @escaping @Sendable (Call<E>, OperationContext) async throws -> E.Output
    ) {
        keyed(endpoint) { call, idempotency in
            try await idempotency.perform { E.answer(try await handler(call, $0)) }
        }
    }

    /// A write that happens once, and whose answer holds a secret, which no kept answer may: it is kept as the handler
    /// gives it, and `complete` adds the secret after the transaction, for the first request and for each repetition.
    public func once<E: IdempotentEndpoint>(
        _ endpoint: E.Type,
        _ handler: @escaping @Sendable (Call<E>, OperationContext) async throws -> E.Output,
        completing complete: @escaping @Sendable (Call<E>, E.Output) async throws -> E.Output
    ) {
        keyed(endpoint) { call, idempotency in
            let kept = try await idempotency.perform { E.answer(try await handler(call, $0)) }
            // What another release has kept may not be an answer of this contract.
            guard let output = try? E.output(reading: kept, .answer) else { return kept }
            var answer = E.answer(try await complete(call, output))
            let missing = kept.headers.filter { [answer] in answer.header($0.name) == nil }
            answer.headers += missing
            return answer
        }
    }

    /// A write that happens once, and whose work is prepared before its transaction, because it takes long. A repetition of
    /// what has succeeded prepares nothing.
    public func once<E: IdempotentEndpoint, Prepared: Sendable>(
        _ endpoint: E.Type,
        preparing prepare: @escaping @Sendable (Call<E>) async throws -> Prepared,
        _ handler: @escaping @Sendable (Call<E>, Prepared, OperationContext) async throws -> E.Output
    ) {
        keyed(endpoint) { call, idempotency in
            if let kept = try await idempotency.keptAnswer() { return kept }
            let prepared: Prepared
            do {
                prepared = try await prepare(call)
            } catch {
                // What the first request has done since may be why its repetition is refused.
                guard let kept = try await idempotency.keptAnswer() else { throw error }
                return kept
            }
            return try await idempotency.perform { E.answer(try await handler(call, prepared, $0)) }
        }
    }

    /// A write that happens once, and whose body is a file of so many bytes at most. It is held in memory, and given more
    /// time than other requests have.
    public func once<E: IdempotentEndpoint>(
        _ endpoint: E.Type, upTo limit: Int, within duration: Duration,
        _ handler: @escaping @Sendable (Call<E>, ByteBuffer, OperationContext) async throws -> E.Output
    ) where E.Body == FileBody {
        Self.on(endpoint, in: router) { [now, database, hashingBody] request, context in
            let (call, _) = try await Call<E>.read(request, context, now: now())
            context.allow(duration)
            let bytes = try await request.bytes(
                context, limit: limit, contentTypes: E.description.bodyTypes)
            let idempotency = try Idempotency(
                request, context, operation: E.description.id, bodyHash: hashingBody(bytes), on: database,
                now: call.now)
            return Response(
                try await idempotency.perform { E.answer(try await handler(call, bytes, $0)) })
        }
    }

    /// A write that happens once, where the path says on which database it has its transaction.
    static func once<E: IdempotentEndpoint>(
        _ endpoint: E.Type, in router: ServiceRouter, now: @escaping @Sendable () -> Date,
        on database: @escaping @Sendable (Call<E>) throws -> Database,
        _ handler: @escaping @Sendable (Call<E>, OperationContext) async throws -> E.Output
    ) {
        keyed(endpoint, in: router, hashingBody: sha256, now: now, on: database) { call, idempotency in
            try await idempotency.perform { E.answer(try await handler(call, $0)) }
        }
    }

    /// A write under its Idempotency-Key.
    private func keyed<E: IdempotentEndpoint>(
        _ endpoint: E.Type, _ handler: @escaping @Sendable (Call<E>, Idempotency) async throws -> Answer
    ) {
        Self.keyed(
            endpoint, in: router, hashingBody: hashingBody, now: now, on: { [database] _ in database },
            handler)
    }

    private static func keyed<E: IdempotentEndpoint>(
        _ endpoint: E.Type, in router: ServiceRouter,
        hashingBody: @escaping @Sendable (ByteBuffer) -> [UInt8], now: @escaping @Sendable () -> Date,
        on database: @escaping @Sendable (Call<E>) throws -> Database,
        _ handler: @escaping @Sendable (Call<E>, Idempotency) async throws -> Answer
    ) {
        on(endpoint, in: router) { request, context in
            let (call, bytes) = try await Call<E>.read(request, context, now: now())
            let idempotency = try Idempotency(
                request, context, operation: E.description.id, bodyHash: bytes.map(hashingBody) ?? [],
                on: try database(call), now: call.now)
            return Response(try await handler(call, idempotency))
        }
    }

    /// An operation that makes its response itself: a file or a stream.
    public func respond<E: Endpoint>(
        _ endpoint: E.Type, _ handler: @escaping @Sendable (Call<E>) async throws -> Response
    ) {
        Self.on(endpoint, in: router) { [now] request, context in
            try await handler(try await Call<E>.read(request, context, now: now()).call)
        }
    }

    /// An operation that answers with events for as long as the client listens.
    public func stream<E: Endpoint, Events: StreamedEvents>(
        _ endpoint: E.Type, _ handler: @escaping @Sendable (Call<E>) async throws -> EventStream<Events>
    ) {
        respond(endpoint) { call in try await handler(call).response(to: call.request) }
    }

    private static func on<E: Endpoint>(
        _ endpoint: E.Type, in router: ServiceRouter,
        _ handler: @escaping @Sendable (Request, ServiceContext) async throws -> Response
    ) {
        let facts = E.description
        router.on(
            RouterPath(facts.path), method: HTTPRequest.Method(facts.method), use: handler)
    }
}

extension HTTPRequest.Method {
    fileprivate init(_ method: EndpointDescription.Method) {
        switch method {
        case .get: self = .get
        case .post: self = .post
        case .put: self = .put
        case .patch: self = .patch
        case .delete: self = .delete
        }
    }
}
