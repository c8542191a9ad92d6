public import Foundation

/// The HTTPS server of the tests, as webhook_server.py describes it.
public struct WebhookServer: Sendable {
    /// A request that the server has got.
    public struct Received: Decodable, Sendable {
        public let path: String
        public let headers: [String: String]
        public let body: Data
    }

    public let certificate: TestCertificate
    private let script: TestScript

    /// Starts the server, and waits until it listens.
    public static func start(port: Int = 0, _ options: [String] = [], certificate: TestCertificate? = nil)
        async throws
        -> WebhookServer
    {
        let own: TestCertificate
        if let certificate { own = certificate } else { own = try await TestCertificate.make() }
        let script = try await TestScript.start(
            "webhook_server.py", port: port, ["--certificate", own.certificate, "--key", own.key] + options)
        return WebhookServer(certificate: own, script: script)
    }

    public var port: Int { script.port }
    public var received: [Received] { script.records(Received.self) }
    public func stop() async { await script.stop() }

    public func url(_ path: String, host: String = "localhost") -> String { "https://\(host):\(port)\(path)" }
}
