public import ContractKit
import Crypto
public import DatabaseClient
public import EventLog
import ExactTypes
public import Foundation
import HTTPTypes
public import Hummingbird
public import NIOCore
import SharedTypes

/// Makes a POST that is repeated with the same `Idempotency-Key` give the first answer, and happen once.
///
/// The answer is kept by (user, operation, key) and commits with the work. Only successes are kept: what
/// throws is rolled back, so a repetition tries again.
public struct Idempotency: Sendable {
    /// How long an answer is kept.
    public static let lifetime = TimeInterval.days(1)

    private let use: IdempotencyKeyUse
    private let context: ServiceContext
    private let database: Database
    private let now: Date

    /// The use of a key by one request.
    ///
    /// Throws 400 where the header is missing or malformed, and 401 where nobody is signed in.
    ///
    /// - Parameters:
    ///   - operation: The operationId of the OpenAPI document.
    ///   - bodyHash: A hash of the body; empty for an operation without one.
    ///   - now: The clock that the key's expiry is measured by.
    init(
        _ request: Request, _ context: ServiceContext, operation: String, bodyHash: [UInt8],
        on database: Database, now: Date
    ) throws {
        use = IdempotencyKeyUse(
            userID: try context.user().userID, operation: operation, key: try Self.key(of: request),
            requestHash: Self.hash(request, bodyHash))
        self.context = context
        self.database = database
        self.now = now
    }

    /// The use of a key by an operation that prepares its work before the transaction: it asks for
    /// ``keptAnswer()`` first, and so a repetition prepares nothing.
    public init(
        _ request: Request, _ context: ServiceContext, operation: String, body: ByteBuffer,
        on database: Database, now: Date
    ) throws {
        try self.init(
            request, context, operation: operation, bodyHash: EndpointRoutes.sha256(of: body), on: database,
            now: now)
    }

    /// The answer that the key has already; nil where there is none. Throws 422 where the key was used for another
    /// request.
    public func keptAnswer() async throws -> Answer? {
        try await use.keptAnswer(on: database.acting(as: use.userID.uuid), now: now)
    }

    /// Does the work once, in an operation of the user who asks; throws 409 while another request with the key runs, and
    /// 422 where the key was used for another request.
    public func perform(_ work: (OperationContext) async throws -> Answer) async throws -> Answer {
        try await context.write(as: use.userID, on: database, at: now) { operation in
            if let kept = try await use.lock(in: operation.transaction, now: now) { return kept }
            let answer = try await work(operation)
            try await use.keep(answer, in: operation.transaction, now: now)
            return answer
        }
    }

    /// The header's value: 1 to 255 visible ASCII characters.
    private static func key(of request: Request) throws(Problem) -> String {
        guard let key = request.headers[.idempotencyKey] else {
            throw .badIdempotencyKey("The operation needs the header Idempotency-Key.")
        }
        guard (1...255).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .badIdempotencyKey("Idempotency-Key must be 1 to 255 visible ASCII characters.")
        }
        return key
    }

    /// What makes two requests the same: method, path with query, and body.
    private static func hash(_ request: Request, _ bodyHash: [UInt8]) -> [UInt8] {
        Array(SHA256.hash(data: Array("\(request.method.rawValue) \(request.uri.string)\n".utf8) + bodyHash))
    }
}

extension Problem {
    static let idempotencyKeyInUse = {
        var problem = Problem(
            .conflict, "idempotency-in-progress", "The first request still runs",
            detail: "Another request with this Idempotency-Key has not ended yet.", field: "Idempotency-Key")
        problem.set(.retryAfter, to: "1")
        return problem
    }()

    static let idempotencyKeyReused = Problem(
        .unprocessableContent, "idempotency-key-reused", "The key was used already",
        detail: "This Idempotency-Key was used for another request.", field: "Idempotency-Key")

    static func badIdempotencyKey(_ detail: String) -> Problem {
        Problem(
            .badRequest, "idempotency-key-missing", "An idempotency key is needed", detail: detail,
            field: "Idempotency-Key")
    }
}
