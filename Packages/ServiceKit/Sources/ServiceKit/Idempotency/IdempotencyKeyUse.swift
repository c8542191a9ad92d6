import ContractKit
import Crypto
import DatabaseClient
import ExactTypes
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import SharedTypes
import StrictJSON

/// One use of an idempotency key: whose, for what, and of which request.
struct IdempotencyKeyUse {
    let userID: User.ID
    let operation: String
    let key: String
    let requestHash: [UInt8]

    /// The headers that belong to an answer and not to its delivery.
    private static let keptHeaders: [HTTPField.Name] = [.contentType, .eTag, .location]

    /// The number of the advisory lock: 64 bits of a hash, so that two keys practically never meet.
    var lockKey: Int {
        let digest = SHA256.hash(data: Array("\(userID)\n\(operation)\n\(key)".utf8))
        return Int(bitPattern: digest.prefix(8).reduce(UInt(0)) { $0 << 8 | UInt($1) })
    }

    /// The answer that the key has already. Throws 422 where it belongs to another request. An expired one counts
    /// as none.
    func keptAnswer(on database: any QueryExecutor, now: Date) async throws -> Response? {
        let row = try await database.findIdempotencyKey(userID: userID, operation: operation, key: key)
        return try row.flatMap { try answer(of: $0, now: now) }
    }

    /// Takes the key's lock until the transaction ends, and gives the answer that the key has already. Throws 409 where
    /// another request holds the lock, and 422 where the answer belongs to another request.
    ///
    /// The look-up is in the same flight, behind the lock: it sees what whoever held the lock before has kept.
    func lock(in transaction: DatabaseTransaction, now: Date) async throws -> Response? {
        var number = DatabaseClient.Parameters()
        try number.append(int8: lockKey)
        var names = DatabaseClient.Parameters()
        names.append(uuid: userID.uuid)
        names.append(text: operation)
        names.append(text: key)
        let results = try await transaction.batch([
            (IdempotencyKeysStatements.tryLockIdempotencyKey, number),
            (IdempotencyKeysStatements.findIdempotencyKey, names),
        ])
        guard try results.first?.one({ try $0.bool(0) }) == true else { throw Problem.idempotencyKeyInUse }
        guard let row = try results.last?.optional(FindIdempotencyKeyRow.init) else { return nil }
        if let answer = try answer(of: row, now: now) { return answer }
        // It has expired, and the key is used again.
        try await transaction.deferred.deleteIdempotencyKey(userID: userID, operation: operation, key: key)
        return nil
    }

    private func answer(of row: FindIdempotencyKeyRow, now: Date) throws -> Response? {
        guard row.expiresAt > now else { return nil }
        guard row.requestHash == requestHash else { throw Problem.idempotencyKeyReused }
        var headers: HTTPFields = [.idempotencyReplayed: "true"]
        let kept = try JSONCoding.decode([String: String].self, from: row.responseHeaders)
        for name in Self.keptHeaders { headers[name] = kept[name.canonicalName] }
        return Response(
            status: .init(code: row.responseStatus), headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: row.responseBody)))
    }

    /// Keeps the answer with the work, and gives it back: it is stored in one flight with COMMIT. One that is no success is
    /// not kept.
    func keep(_ response: Response, in transaction: DatabaseTransaction, now: Date) async throws -> Response {
        guard (200..<300).contains(response.status.code) else { return response }
        let collector = BodyCollector()
        try await response.body.write(collector)
        var headers: [String: JSONValue] = [:]
        for name in Self.keptHeaders {
            headers[name.canonicalName] = response.headers[name].map(JSONValue.string)
        }
        try await transaction.deferred.insertIdempotencyKey(
            userID: userID, operation: operation, key: key, requestHash: requestHash,
            responseStatus: response.status.code, responseHeaders: JSONValue.object(headers).text,
            responseBody: Array(collector.bytes.readableBytesView), createdAt: now,
            expiresAt: now.addingTimeInterval(Idempotency.lifetime))
        return Response(
            status: response.status, headers: response.headers, body: .init(byteBuffer: collector.bytes))
    }
}

/// Takes a response's body into memory.
private final class BodyCollector: ResponseBodyWriter {
    private(set) var bytes = ByteBuffer()

    func write(_ buffer: ByteBuffer) async throws { bytes.writeImmutableBuffer(buffer) }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
