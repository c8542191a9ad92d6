public import ContractKit
public import DatabaseClient
public import EventLog
public import Foundation
import HTTPTypes
public import Hummingbird
public import NIOCore

/// Binds the endpoints of a module's contract to what answers them: a module's `addRoutes` reads as its table of
/// contents.
///
/// What the document states is checked before the handler runs: who may call, parameters, body, Idempotency-Key. What
/// the handler gives back is written as the document says.
public struct EndpointRoutes {
    private let router: ServiceRouter
    private let database: Database
    private let now: @Sendable () -> Date

    /// - Parameters:
    ///   - database: of the service's role, on which writes have their transactions.
    ///   - now: the clock of the module.
    public init(_ router: ServiceRouter, on database: Database, now: @escaping @Sendable () -> Date) {
        self.router = router
        self.database = database
        self.now = now
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
        Self.once(endpoint, in: router, now: now, on: { [database] _ in database }, handler)
    }

    /// A write that happens once, and whose body is a file of so many bytes at most. It is held in memory, and given more
    /// time than other requests have.
    public func once<E: IdempotentEndpoint>(
        _ endpoint: E.Type, upTo limit: Int, within duration: Duration,
        _ handler: @escaping @Sendable (Call<E>, ByteBuffer, OperationContext) async throws -> E.Output
    ) where E.Body == FileBody {
        Self.on(endpoint, in: router) { [now, database] request, context in
            let (call, _) = try await Call<E>.read(request, context, now: now())
            context.allow(duration)
            let bytes = try await request.bytes(
                context, limit: limit, contentTypes: E.description.bodyTypes)
            let idempotency = try Idempotency(
                request, context, operation: E.description.id, body: bytes, on: database, now: call.now)
            return try await idempotency.perform { operation in
                Response(E.answer(try await handler(call, bytes, operation)))
            }
        }
    }

    /// A write that happens once, where the path says on which database it has its transaction.
    static func once<E: IdempotentEndpoint>(
        _ endpoint: E.Type, in router: ServiceRouter, now: @escaping @Sendable () -> Date,
        on database: @escaping @Sendable (Call<E>) throws -> Database,
        _ handler: @escaping @Sendable (Call<E>, OperationContext) async throws -> E.Output
    ) {
        on(endpoint, in: router) { request, context in
            let (call, bodyHash) = try await Call<E>.read(request, context, now: now())
            let idempotency = try Idempotency(
                request, context, operation: E.description.id, bodyHash: bodyHash, on: try database(call),
                now: call.now)
            return try await idempotency.perform { operation in
                Response(E.answer(try await handler(call, operation)))
            }
        }
    }

    /// An operation that makes its response itself: a file, a stream, or one that prepares its work before its
    /// transaction.
    public func respond<E: Endpoint>(
        _ endpoint: E.Type, _ handler: @escaping @Sendable (Call<E>) async throws -> Response
    ) {
        Self.on(endpoint, in: router) { [now] request, context in
            try await handler(try await Call<E>.read(request, context, now: now()).call)
        }
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
