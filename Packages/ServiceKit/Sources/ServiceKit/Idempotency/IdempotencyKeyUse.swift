import ContractKit
import Crypto
import DatabaseClient
import ExactTypes
import Foundation
import HTTPTypes
import SharedTypes
import StrictJSON

/// One use of an idempotency key: whose, for what, and of which request.
struct IdempotencyKeyUse {
    let userID: User.ID
    let operation: String
    let key: String
    let requestHash: [UInt8]

    /// The headers that belong to an answer and not to its delivery.
    private static let keptHeaders = ["etag", "location"]

    /// The number of the advisory lock: 64 bits of a hash, so that two keys practically never meet.
    var lockKey: Int {
        let digest = SHA256.hash(data: Array("\(userID)\n\(operation)\n\(key)".utf8))
        return Int(bitPattern: digest.prefix(8).reduce(UInt(0)) { $0 << 8 | UInt($1) })
    }

    /// The answer that the key has already. Throws 422 where it belongs to another request. An expired one counts
    /// as none.
    func keptAnswer(on database: any QueryExecutor, now: Date) async throws -> Answer? {
        let row = try await database.findIdempotencyKey(userID: userID, operation: operation, key: key)
        return try row.flatMap { try answer(of: $0, now: now) }
    }

    /// Takes the key's lock until the transaction ends, and gives the answer that the key has already. Throws 409 where
    /// another request holds the lock, and 422 where the answer belongs to another request.
    ///
    /// The look-up is in the same flight, behind the lock: it sees what whoever held the lock before has kept.
    func lock(in transaction: DatabaseTransaction, now: Date) async throws -> Answer? {
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

    private func answer(of row: FindIdempotencyKeyRow, now: Date) throws -> Answer? {
        guard row.expiresAt > now else { return nil }
        guard row.requestHash == requestHash else { throw Problem.idempotencyKeyReused }
        let kept = try JSONCoding.decode([String: String].self, from: row.responseHeaders)
        let headers = Self.keptHeaders.compactMap { name in kept[name].map { (name, $0) } }
        return Answer(
            status: row.responseStatus,
            headers: headers + [(HTTPField.Name.idempotencyReplayed.canonicalName, "true")],
            content: kept["content-type"].map { Content(type: $0, bytes: row.responseBody) })
    }

    /// Keeps the answer with the work: it is stored in one flight with COMMIT. One that is no success is not kept.
    func keep(_ answer: Answer, in transaction: DatabaseTransaction, now: Date) async throws {
        guard (200..<300).contains(answer.status) else { return }
        var headers = ["content-type": answer.content.map { JSONValue.string($0.type) }]
        for name in Self.keptHeaders { headers[name] = answer.header(name).map(JSONValue.string) }
        try await transaction.deferred.insertIdempotencyKey(
            userID: userID, operation: operation, key: key, requestHash: requestHash,
            responseStatus: answer.status,
            responseHeaders: JSONValue.object(headers.compactMapValues { $0 }).text,
            responseBody: answer.content?.bytes ?? [], createdAt: now,
            expiresAt: now.addingTimeInterval(Idempotency.lifetime))
    }
}
