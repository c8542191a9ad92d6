import ContractKit
import Crypto
import Foundation
import JWTKit
import Logging
public import PeriodicWork
import StrictJSON
import Synchronization

/// Verifies access tokens against Users' public keys.
///
/// ES256 only: a header that names another algorithm is refused before a key is looked up. The keys are
/// fetched at the start, every few minutes (``service``), and when a token names an unknown key, then at most once a
/// second.
///
/// A token that was accepted is remembered by its hash until it expires or the keys change, so that the signature of each
/// is checked once and not with each request.
public actor TokenVerifier {
    private let source: KeySource
    private let issuer: String
    private let audience: String
    private let now: @Sendable () -> Date
    private let logger: Logger
    private let refreshSeconds: Int
    // The lock is held for one look-up or one insertion, never across a suspension.
    private let remembered = Mutex(RememberedTokens())

    private var keys = JWTKeyCollection()
    private var keyIDs: Set<String> = []
    private var document = ""
    private var lastFetch: Date?
    private var fetching: Task<Bool, Never>?
    /// The document that the cache file holds, or is about to.
    private var cachedDocument = ""
    private var caching: Task<Void, Never>?
    private var isCacheRead = false

    /// How many seconds lie at least between two fetches, however many forged tokens name unknown keys.
    private static let fetchIntervalSeconds: TimeInterval = 1

    /// A verifier that has no keys yet: ``service`` fetches them, or the first token does.
    public init(
        source: KeySource, issuer: String, audience: String, refreshSeconds: Int = 300,
        now: @escaping @Sendable () -> Date = { Date() }, logger: Logger
    ) {
        self.source = source
        self.issuer = issuer
        self.audience = audience
        self.refreshSeconds = refreshSeconds
        self.now = now
        self.logger = logger
    }

    /// Whether any key is known; before that no token can be verified.
    public var hasKeys: Bool { !keyIDs.isEmpty }

    /// Keeps the keys fresh until the service shuts down. Where they cannot be fetched the old ones stay. Without any key
    /// nothing works, so the pauses after failures are short.
    public nonisolated var service: PeriodicService {
        PeriodicService(
            "token_keys", every: .seconds(refreshSeconds), longestPause: .seconds(10), logger: logger
        ) {
            try await self.refresh()
            return .done
        }
    }

    private func refresh() async throws {
        if !isCacheRead {
            isCacheRead = true
            if let cached = await source.cached(), await adopt(cached, from: "the cache file") {
                cachedDocument = cached
            }
        }
        guard await fetch() else { throw KeyFetchError(reason: "the keys of access tokens are not fresh") }
    }

    /// Who the token speaks for; throws 401 where it is not accepted, and 503 where no key is known yet.
    public nonisolated(nonsending) func principal(of token: String) async throws -> Principal {
        let hash = SHA256.hash(data: Array(token.utf8))
        let (known, keySet) = remembered.withLock { ($0.principal(of: hash, at: now()), $0.keySet) }
        if let known { return known }
        let principal = try await verifiedPrincipal(of: token)
        remembered.withLock { $0.remember(principal, of: hash, keySet: keySet) }
        return principal
    }

    private func verifiedPrincipal(of token: String) async throws -> Principal {
        do {
            let keyID = try Self.keyID(of: token)
            if !keyIDs.contains(keyID) { await fetchForUnknownKey() }
            guard keyIDs.contains(keyID) else {
                guard hasKeys else {
                    throw Problem.unavailable(
                        "keys-unknown", "The keys that sign access tokens are not known yet.")
                }
                throw TokenRejection(reason: "The token is signed with an unknown key.")
            }
            return try await verifiedClaims(of: token).principal(
                issuer: issuer, audience: audience, now: now())
        } catch let rejection as TokenRejection {
            throw Problem.unauthenticated(rejection.reason, error: "invalid_token")
        }
    }

    private func verifiedClaims(of token: String) async throws -> AccessTokenClaims {
        do {
            return try await keys.verify(token, as: AccessTokenClaims.self)
        } catch let rejection as TokenRejection {
            throw rejection
        } catch {
            // jwt-kit lets errors of the decoder and of the cryptography through beside its own. Which part
            // did not hold is nothing that a forger should learn.
            throw TokenRejection(reason: "The token is malformed or its signature does not hold.")
        }
    }

    /// The id of the key in the token's header, whose algorithm must be ES256.
    private static func keyID(of token: String) throws -> String {
        guard token.utf8.count <= 4_096 else { throw TokenRejection(reason: "The token is too long.") }
        // jwt-kit would read padding and the other alphabet too, and one token has one form.
        guard token.utf8.allSatisfy({ Data.isBase64URL($0) || $0 == UInt8(ascii: ".") }),
            let data = Data(base64URL: token.prefix { $0 != "." }),
            case .object(let header)? = try? JSONParser.parse(Array(data))
        else { throw TokenRejection(reason: "The token is malformed.") }
        guard header["alg"] == .string("ES256") else {
            throw TokenRejection(reason: "The token is not signed with ES256.")
        }
        guard case .string(let keyID)? = header["kid"] else {
            throw TokenRejection(reason: "The token names no key.")
        }
        return keyID
    }

    private func fetchForUnknownKey() async {
        if fetching == nil, let lastFetch, now().timeIntervalSince(lastFetch) < Self.fetchIntervalSeconds {
            return
        }
        await fetch()
    }

    /// Fetches the keys once, for however many wait for them.
    /// - Returns: whether those in use are now those of the source.
    @discardableResult
    func fetch() async -> Bool {
        if let fetching { return await fetching.value }
        lastFetch = now()
        let task = Task { [source] in
            do {
                let json = try await source.fetch()
                guard await adopt(json, from: "their source") else { return false }
                cache(json)
                return true
            } catch {
                logger.warning("The token keys could not be fetched.", metadata: ["error": "\(error)"])
                return false
            }
        }
        fetching = task
        let isFresh = await task.value
        fetching = nil
        return isFresh
    }

    /// Replaces all keys, so that a withdrawn one stops working. A document without any usable key changes nothing.
    ///
    /// - Returns: whether the keys are now those of the document.
    private func adopt(_ json: String, from origin: String) async -> Bool {
        guard json != document else { return true }
        do {
            let fresh = JWTKeyCollection()
            var freshIDs: Set<String> = []
            guard case .object(let members) = try JSONValue(parsing: json),
                case .array(let elements)? = members["keys"]
            else { throw KeyFetchError(reason: "the document is no key set") }
            for element in elements {
                // A key is made when it is first asked for, so that a broken one shows only then.
                guard let key = try? JWK(json: element.text), let id = key.keyIdentifier,
                    (try? await fresh.add(jwk: key)) != nil,
                    (try? await fresh.getKey(for: id, alg: "ES256"))?.name == "ES256"
                else { continue }
                freshIDs.insert(id.string)
            }
            guard !freshIDs.isEmpty else {
                throw KeyFetchError(reason: "the document holds no P-256 key with a kid")
            }
            keys = fresh
            keyIDs = freshIDs
            document = json
            remembered.withLock { $0.keysHaveChanged() }
            return true
        } catch {
            logger.warning("The token keys of \(origin) cannot be used.", metadata: ["error": "\(error)"])
            return false
        }
    }

    /// Writes an adopted document to the cache file, unless it is there. What waits for the keys does not wait for
    /// the disk; one write follows the other.
    private func cache(_ json: String) {
        guard let file = source.cacheFile, json != cachedDocument else { return }
        let previous = caching
        cachedDocument = json
        caching = Task {
            await previous?.value
            do {
                try await KeySource.write(json, to: file)
            } catch {
                // The next fetch tries again.
                if cachedDocument == json { cachedDocument = "" }
                logger.warning(
                    "The token keys could not be written to their cache; a restart while Users is down will not find them.",
                    metadata: ["path": "\(file)", "error": "\(error)"])
            }
        }
    }
}
