import ContractKit
import ExactTypes
import Foundation
import Hummingbird
import JWTKit
import Logging
import ServiceLifecycle
import SharedTypes
import StrictJSON
import Synchronization
import Testing

@testable import ServiceKit

@Suite struct TokenVerifierTests {
    private let keys = TestKeys()

    /// The detail of the 401 with which a token is refused; nil where it is accepted.
    private func refusal(_ token: String, _ verifier: TokenVerifier) async throws -> String? {
        do {
            _ = try await verifier.principal(of: token)
            return nil
        } catch let problem as Problem {
            #expect(problem.status == 401)
            #expect(problem.headers["www-authenticate"]?.hasPrefix("Bearer") == true)
            return problem.detail
        }
    }

    @Test func readsThePrincipal() async throws {
        let user = User.ID(UUID())
        let claims = keys.claims(user: user, isOperator: true)
        let principal = try await keys.verifier().principal(of: try await keys.token(claims))
        #expect(
            principal
                == Principal(
                    userID: user, sessionID: claims.sid, isOperator: true,
                    expiresAt: TestKeys.now.addingTimeInterval(900)))
    }

    @Test func refusesTheExpiredTheFutureAndTheForeign() async throws {
        let verifier = keys.verifier()
        let old = try await keys.token(keys.claims(at: TestKeys.now.addingTimeInterval(-900)))
        #expect(try await refusal(old, verifier) == "The token has expired.")
        let almostOld = try await keys.token(keys.claims(at: TestKeys.now.addingTimeInterval(-899)))
        #expect(try await refusal(almostOld, verifier) == nil)
        let future = try await keys.token(keys.claims(at: TestKeys.now.addingTimeInterval(31)))
        #expect(try await refusal(future, verifier) == "The token is not valid yet.")
        let foreign = try await keys.token(keys.claims(issuer: "evil"))
        #expect(try await refusal(foreign, verifier) == "The token is of another issuer.")
        let elsewhere = try await keys.token(keys.claims(audience: "other"))
        #expect(try await refusal(elsewhere, verifier) == "The token is for another audience.")
    }

    @Test func refusesATokenOfAnotherType() async throws {
        let claims = try JSONValue(parsing: Array(try JSONEncoder().encode(keys.claims())))
        let other = try await keys.token(
            ForgedClaims(members: claims.members.merging(["typ": .string("reset")]) { $1 }))
        #expect(try await refusal(other, keys.verifier()) != nil)
        let untyped = try await keys.token(ForgedClaims(members: claims.members.filter { $0.key != "typ" }))
        #expect(try await refusal(untyped, keys.verifier()) != nil)
    }

    /// Each is signed with the right key, and all but one claim is sound.
    @Test(arguments: OddClaims.cases)
    func refusesAnOddClaim(_ name: String, _ value: OddClaims.Value) async throws {
        let token = try await keys.token(OddClaims(base: keys.claims(), name: name, value: value))
        #expect(try await refusal(token, keys.verifier()) != nil)
    }

    @Test func acceptsOneOfSeveralAudiences() async throws {
        let audiences = OddClaims.Value.json(.array([.string("other"), .string("grove")]))
        let token = try await keys.token(OddClaims(base: keys.claims(), name: "aud", value: audiences))
        #expect(try await refusal(token, keys.verifier()) == nil)
    }

    @Test func refusesASignatureInAnotherBase64() async throws {
        let verifier = keys.verifier()
        // Until one comes whose signature has a character that the two alphabets write in different ways.
        while true {
            let token = try await keys.token(keys.claims())
            let signature = token.split(separator: ".")[2]
            #expect(try await refusal(token + "==", verifier) != nil)
            guard signature.contains(where: { "-_".contains($0) }) else { continue }
            let other = signature.replacing("-", with: "+").replacing("_", with: "/")
            #expect(try await refusal(token.replacing(signature, with: other), verifier) != nil)
            return
        }
    }

    @Test func refusesOtherAlgorithmsKeysAndSignatures() async throws {
        let verifier = keys.verifier()
        let token = try await keys.token(keys.claims())
        let parts = token.split(separator: ".").map(String.init)
        func with(_ header: String, _ signature: String) -> String {
            "\(Data(header.utf8).base64URL).\(parts[1]).\(signature)"
        }
        #expect(
            try await refusal(with(#"{"alg":"none","kid":"test-1"}"#, ""), verifier)
                == "The token is not signed with ES256.")
        #expect(try await refusal(with(#"{"alg":"HS256","kid":"test-1"}"#, parts[2]), verifier) != nil)
        #expect(try await refusal(with(#"{"alg":"ES256"}"#, parts[2]), verifier) == "The token names no key.")
        #expect(try await refusal("\(parts[0]).\(parts[1]).", verifier) != nil)
        #expect(try await refusal("\(parts[0]).\(parts[1]).\(parts[2].reversed())", verifier) != nil)
        #expect(try await refusal("a.b", verifier) != nil)
        #expect(try await refusal(String(repeating: "a", count: 5_000), verifier) == "The token is too long.")
        // The right key id, and another key.
        let forged = try await TestKeys(keyID: "test-1").token(keys.claims())
        #expect(try await refusal(forged, verifier) != nil)
        #expect(try await refusal(token, verifier) == nil)
    }

    @Test func fetchesForAnUnknownKeyButNotForEachOne() async throws {
        let next = TestKeys(keyID: "test-2")
        let state = Mutex((document: keys.document, fetches: 0, now: TestKeys.now))
        let shared = Shared(state: state)
        let verifier = keys.verifier(
            source: .inProcess {
                shared.state.withLock { state in
                    state.fetches += 1
                    return state.document
                }
            }, now: { shared.state.withLock { $0.now } })
        _ = try await verifier.principal(of: try await keys.token(keys.claims()))
        #expect(shared.state.withLock { $0.fetches } == 1)
        // Users has a new key, and within the same second many tokens that name unknown keys arrive.
        shared.state.withLock { $0.document = TestKeys.document([keys, next]) }
        let token = try await next.token(next.claims())
        for _ in 0..<20 {
            #expect(try await refusal(token, verifier) == "The token is signed with an unknown key.")
        }
        #expect(shared.state.withLock { $0.fetches } == 1)
        shared.state.withLock { $0.now = TestKeys.now.addingTimeInterval(1) }
        #expect(try await refusal(token, verifier) == nil)
        #expect(shared.state.withLock { $0.fetches } == 2)
        // The old key is withdrawn: its tokens stop working with the next fetch.
        shared.state.withLock { $0.document = next.document }
        await verifier.fetch()
        #expect(try await refusal(try await keys.token(keys.claims()), verifier) != nil)
    }

    @Test func aTokenThatWasAcceptedEndsWithItsTimeAndWithItsKey() async throws {
        let next = TestKeys(keyID: "test-2")
        let shared = Shared(state: Mutex((document: keys.document, fetches: 0, now: TestKeys.now)))
        let verifier = keys.verifier(
            source: .inProcess { shared.state.withLock { $0.document } },
            now: { shared.state.withLock { $0.now } })
        let short = try await keys.token(keys.claims(at: TestKeys.now.addingTimeInterval(-890)))
        let token = try await keys.token(keys.claims())
        for _ in 0..<2 {
            #expect(try await refusal(short, verifier) == nil)
            #expect(try await refusal(token, verifier) == nil)
        }
        shared.state.withLock { $0.now = TestKeys.now.addingTimeInterval(10) }
        #expect(try await refusal(short, verifier) == "The token has expired.")
        // Both keys: what is known goes on, and so does what was not seen since.
        shared.state.withLock { $0.document = TestKeys.document([keys, next]) }
        await verifier.fetch()
        #expect(try await refusal(token, verifier) == nil)
        // The key is withdrawn, or another stands under its name.
        for document in [next.document, TestKeys(keyID: keys.keyID).document] {
            shared.state.withLock { $0.document = keys.document }
            await verifier.fetch()
            #expect(try await refusal(token, verifier) == nil)
            shared.state.withLock { $0.document = document }
            await verifier.fetch()
            #expect(try await refusal(token, verifier) != nil)
        }
    }

    @Test func startsFromTheCacheFileWhileUsersIsDown() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "grove-\(UUID())/keys.json")
        defer { try? FileManager.default.removeItem(at: file.deletingLastPathComponent()) }
        let users = ServiceApplication(
            name: "users", configuration: .forTests, modules: [KeysModule(document: keys.document)],
            databases: [],
            verifier: keys.verifier(), logger: Logger(label: "test"))
        let token = try await keys.token(keys.claims())
        let port = try await users.serve { [keys] port in
            let verifier = keys.verifier(
                source: .remote(url: "http://127.0.0.1:\(port)/.well-known/jwks.json", cacheFile: file.path))
            _ = try await verifier.principal(of: token)
            // The file is written after the keys are known.
            while !FileManager.default.fileExists(atPath: file.path) {
                try await Task.sleep(for: .milliseconds(5))
            }
            return port
        }
        // Users is down now. A process that starts has nothing but the file.
        let restarted = keys.verifier(
            source: .remote(url: "http://127.0.0.1:\(port)/.well-known/jwks.json", cacheFile: file.path))
        #expect(await !restarted.hasKeys)
        let group = ServiceGroup(services: [restarted.service], logger: Logger(label: "test"))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            while await !restarted.hasKeys { try await Task.sleep(for: .milliseconds(5)) }
            _ = try await restarted.principal(of: token)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    @Test func saysThatItHasNoKeysYet() async throws {
        let verifier = keys.verifier(source: .inProcess { throw KeyFetchError(reason: "Users is down") })
        let token = try await keys.token(keys.claims())
        await #expect { try await verifier.principal(of: token) } throws: {
            ($0 as? Problem)?.status == 503
        }
    }
}

private final class Shared: Sendable {
    let state: Mutex<(document: String, fetches: Int, now: Date)>

    init(state: consuming sending Mutex<(document: String, fetches: Int, now: Date)>) { self.state = state }
}

private struct ForgedClaims: JWTPayload {
    let members: [String: JSONValue]

    init(members: [String: JSONValue]) { self.members = members }
    init(from decoder: any Decoder) throws { members = try [String: JSONValue](from: decoder) }
    func encode(to encoder: any Encoder) throws { try members.encode(to: encoder) }
    func verify(using algorithm: some JWTAlgorithm) throws {}
}

/// Sound claims but for one.
struct OddClaims: JWTPayload {
    enum Value: Sendable {
        case json(JSONValue)
        case double(Double)
        case missing
    }

    struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    let base: AccessTokenClaims
    let name: String
    let value: Value

    init(base: AccessTokenClaims, name: String, value: Value) {
        (self.base, self.name, self.value) = (base, name, value)
    }

    init(from decoder: any Decoder) throws {
        self.init(base: try AccessTokenClaims(from: decoder), name: "", value: .missing)
    }

    func encode(to encoder: any Encoder) throws {
        let sound = try JSONValue(parsing: Array(try JSONEncoder().encode(base))).members
        var container = encoder.container(keyedBy: Key.self)
        for (key, claim) in sound where key != name {
            try container.encode(claim, forKey: Key(stringValue: key))
        }
        switch value {
        case .json(let value): try container.encode(value, forKey: Key(stringValue: name))
        case .double(let value): try container.encode(value, forKey: Key(stringValue: name))
        case .missing: break
        }
    }

    func verify(using algorithm: some JWTAlgorithm) throws {}

    static let cases: [(String, Value)] = {
        let nested = JSONValue.object(["a": .array([])])
        var cases: [(String, Value)] = [
            ("aud", .json(.array([]))), ("aud", .json(.string(""))), ("aud", .json(.number(7))),
            ("aud", .json(.array([.number(7)]))), ("aud", .json(.array([nested]))), ("aud", .json(nested)),
            ("sub", .json(.string(""))), ("sub", .json(.number(7))), ("iss", .json(.array([]))),
            ("sid", .json(.string("x"))), ("operator", .json(.string("true"))), ("typ", .json(.number(7))),
        ]
        for name in ["exp", "nbf", "iat"] {
            cases += [1e308, -1e308, -1, 253_402_300_800, .leastNonzeroMagnitude * -1].map {
                (name, .double($0))
            }
            cases += ["NaN", "Infinity", "1800000900", ""].map { (name, .json(.string($0))) }
            cases += [.null, .bool(true), .array([]), nested].map { (name, .json($0)) }
        }
        for name in ["aud", "exp", "nbf", "iat", "iss", "sub", "sid", "typ", "operator"] {
            cases += [(name, .missing), (name, .json(.null))]
        }
        return cases
    }()
}

private struct KeysModule: ServiceModule {
    let name = "users"
    let openAPI = "{}"
    let document: String

    func addRoutes(to router: ServiceRouter) {
        router.get("/.well-known/jwks.json") { _, _ in
            Response(status: .ok, body: .init(byteBuffer: ByteBuffer(string: document)))
        }
    }

    var backgroundServices: [any Service] { [] }
}

extension ServiceConfiguration {
    /// A free port, and no waiting at the end.
    static var forTests: ServiceConfiguration {
        var configuration = ServiceConfiguration()
        configuration.port = 0
        configuration.drainDelaySeconds = 0
        return configuration
    }
}
