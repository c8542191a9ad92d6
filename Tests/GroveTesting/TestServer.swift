public import ContractKit
public import DatabaseClient
public import ExactTypes
import Foundation
import JWTKit
import Logging
public import ServiceKit
public import SharedTypes
import StrictJSON

/// Modules behind a real socket on a free port, in this process, with a signing key of the test's own.
public struct TestServer: Sendable {
    public let url: String
    private let key: ES256PrivateKey

    /// Sends a request with a token and, unless the headers hold one, a fresh Idempotency-Key.
    public func send(
        _ method: String, _ path: String, token: String? = nil, headers: [String: String] = [:],
        json: String? = nil
    ) async throws -> TestClient.Answer {
        var all = ["Idempotency-Key": UUID().uuidString]
        if let token { all["Authorization"] = "Bearer \(token)" }
        return try await TestClient.shared.send(
            method, url + path, headers: all.merging(headers) { $1 }, body: json)
    }

    /// The client of the contracts, which asks with a token.
    public func client(token: String? = nil) -> ContractClient { .forTests(baseURL: url, token: token) }

    /// An access token for a user, valid for the 15 minutes that real ones are, where the test says nothing else.
    /// - Parameter session: nil where the test needs none that is in the database.
    public func token(
        for user: User.ID, session: Session.ID? = nil, isOperator: Bool = false, lifetimeSeconds: Int = 900
    ) async throws -> String {
        let keys = await JWTKeyCollection().add(ecdsa: key, kid: "test")
        let principal = Principal(
            userID: user, sessionID: session?.uuid ?? UUID(), isOperator: isOperator)
        let claims = AccessTokenClaims(
            principal: principal, issuer: "grove", audience: "grove", now: Date(),
            lifetimeSeconds: lifetimeSeconds)
        return try await keys.sign(claims, kid: "test")
    }

    fileprivate init(port: Int, key: ES256PrivateKey) {
        url = "http://127.0.0.1:\(port)"
        self.key = key
    }
}

/// Serves the modules while the body runs. Requests are not limited in rate.
public func withServer<T: Sendable>(
    modules: [any ServiceModule], databases: [Database], limits: ServiceLimits? = nil,
    _ body: @escaping @Sendable (TestServer) async throws -> T
) async throws -> T {
    let key = ES256PrivateKey()
    var configuration = ServiceConfiguration()
    configuration.port = 0
    configuration.drainDelaySeconds = 0
    configuration.limits.requestBurst = 0
    if let limits { configuration.limits = limits }
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    guard let parameters = key.parameters else {
        throw ServiceProcess.Failure(description: "a key without parameters")
    }
    let document = """
        {"keys": [{"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": "test",
         "x": "\(base64URL(parameters.x))", "y": "\(base64URL(parameters.y))"}]}
        """
    let application = ServiceApplication(
        name: "test", configuration: configuration, modules: modules, databases: databases,
        verifier: TokenVerifier(
            source: .inProcess { document }, issuer: "grove", audience: "grove", logger: logger),
        logger: logger)
    return try await application.serve { port in try await body(TestServer(port: port, key: key)) }
}

private func base64URL(_ base64: String) -> String { Data(base64Encoded: base64)?.base64URL ?? "" }
