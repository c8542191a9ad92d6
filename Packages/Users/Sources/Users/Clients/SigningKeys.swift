import ContractKit
import Crypto
import DatabaseClient
import ExactTypes
import Foundation
import JWTKit
import Logging
import ServiceKit
import SharedTypes
import StrictJSON
import UsersContract

/// The signing keys of the database, opened and kept for a minute, so that a log-in does not read and unseal
/// them.
actor SigningKeys {
    private struct Loaded: Sendable {
        let at: Date
        let schedule: [SigningKeySchedule.Key]
        let signers: [SigningKey.ID: JWTKeyCollection]
        let published: UsersAPI.KeySet
    }

    /// A private key that does not open: the sealing key is not the one that the keys were sealed with.
    struct WrongSealingKey: Error, CustomStringConvertible {
        let id: SigningKey.ID
        var description: String {
            "The signing key \(id) cannot be opened: USERS_SEALING_KEY is not the one that sealed it."
        }
    }

    /// Shorter than the lead with which a key is published, so that every instance signs with the new key in
    /// time.
    private static let freshSeconds: TimeInterval = 60

    private let database: Database
    private let seal: SymmetricKey
    private let logger: Logger
    private var loaded: Loaded?

    init(database: Database, seal: SymmetricKey, logger: Logger) {
        self.database = database
        self.seal = seal
        self.logger = logger
    }

    /// The token of these claims, signed with the key that signs now.
    func sign(_ claims: AccessTokenClaims, at now: Date) async throws -> String {
        let keys = try await current(at: now)
        guard let id = SigningKeySchedule.signer(of: keys.schedule, at: now), let signer = keys.signers[id]
        else {
            throw Problem.unavailable("keys-unknown", "No signing key is active.")
        }
        return try await signer.sign(claims, kid: JWKIdentifier(string: id.description))
    }

    /// The public keys, a JSON Web Key Set of RFC 7517.
    func published(at now: Date) async throws -> UsersAPI.KeySet { try await current(at: now).published }

    /// Makes the first or the next key when it is due and drops those that are over.
    func rotate(at now: Date) async throws { _ = try await rotated(at: now) }

    private func rotated(at now: Date) async throws -> Loaded {
        switch SigningKeySchedule.step(for: Self.schedule(try await database.listSigningKeys()), at: now) {
        case .wait: break
        case .makeFirst: _ = try await insertKey(activatesAt: now, on: database, at: now)
        case .makeNext(let activatesAt, let newest, let retiresAt):
            try await replace(newest, retiringAt: retiresAt, activatesAt: activatesAt, at: now)
        }
        _ = try await database.deleteRetiredSigningKeys(now: now)
        let fresh = try await load(at: now)
        loaded = fresh
        return fresh
    }

    private func current(at now: Date) async throws -> Loaded {
        guard let loaded else { return try await rotated(at: now) }
        guard abs(now.timeIntervalSince(loaded.at)) > Self.freshSeconds else { return loaded }
        do {
            let fresh = try await load(at: now)
            self.loaded = fresh
            return fresh
        } catch let error as DatabaseError {
            // Old keys verify old tokens: while the database is away they are better than none.
            logger.warning("The signing keys could not be read again.", metadata: ["error": "\(error)"])
            return loaded
        }
    }

    private func load(at now: Date) async throws -> Loaded {
        let rows = try await database.listSigningKeys()
        var signers: [SigningKey.ID: JWTKeyCollection] = [:]
        for row in rows {
            let key = try ES256PrivateKey(backing: try open(row))
            signers[row.id] = await JWTKeyCollection().add(
                ecdsa: key, kid: JWKIdentifier(string: row.id.description))
        }
        return Loaded(
            at: now, schedule: Self.schedule(rows), signers: signers, published: UsersAPI.KeySet(rows))
    }

    private static func schedule(_ rows: [SigningKeyRow]) -> [SigningKeySchedule.Key] {
        rows.map { SigningKeySchedule.Key(id: $0.id, activatesAt: $0.activatesAt, retiresAt: $0.retiresAt) }
    }

    /// The id goes into the seal, so that a sealed key put under another id does not open.
    private func open(_ row: SigningKeyRow) throws -> P256.Signing.PrivateKey {
        do {
            let box = try AES.GCM.SealedBox(combined: row.sealedPrivateKey)
            let raw = try AES.GCM.open(box, using: seal, authenticating: OpaqueToken.bytes(of: row.id.uuid))
            return try P256.Signing.PrivateKey(rawRepresentation: raw)
        } catch is CryptoKitError {
            throw WrongSealingKey(id: row.id)
        }
    }

    private nonisolated func replace(
        _ newest: SigningKey.ID, retiringAt retiresAt: Date, activatesAt: Date, at now: Date
    ) async throws {
        try await database.transaction { transaction in
            // Of two instances that rotate at once, one waits here for the other and then changes nothing.
            let retired = try await transaction.retireSigningKey(
                retiresAt: retiresAt, now: now, signingKeyID: newest)
            guard retired == 1 else { return }
            _ = try await insertKey(activatesAt: activatesAt, on: transaction, at: now)
        }
    }

    private nonisolated func insertKey(
        activatesAt: Date, on executor: any QueryExecutor, at now: Date
    ) async throws -> Int {
        let id = SigningKey.ID.version7(at: now)
        let key = P256.Signing.PrivateKey()
        let box = try AES.GCM.seal(
            key.rawRepresentation, using: seal, authenticating: OpaqueToken.bytes(of: id.uuid))
        guard let sealed = box.combined else { throw CryptoKitError.incorrectParameterSize }
        return try await executor.insertSigningKey(
            signingKeyID: id, publicKey: Array(key.publicKey.rawRepresentation),
            sealedPrivateKey: Array(sealed),
            activatesAt: activatesAt, now: now)
    }
}

extension UsersAPI.KeySet {
    fileprivate init(_ rows: [SigningKeyRow]) {
        self.init(
            keys: rows.map { row in
                Key(
                    kid: row.id, x: Data(row.publicKey.prefix(32)).base64URL,
                    y: Data(row.publicKey.suffix(32)).base64URL)
            })
    }
}
