public import Foundation

/// The mail server of the tests, as mail_server.py describes it, in a process of its own.
public struct MailServer: Sendable {
    /// A message that the server has taken.
    public struct Received: Decodable, Sendable {
        public let sender: String
        public let recipients: [String]
        public let content: Data
        public let hello: String
        public let user: String?
        public let tls: Bool

        public var text: String { String(decoding: content, as: UTF8.self) }

        /// A header's value, unfolded.
        public func header(_ name: String) -> String? {
            let unfolded = text.replacing("\r\n ", with: " ")
            guard let end = unfolded.range(of: "\r\n\r\n") else { return nil }
            let lines = unfolded[..<end.lowerBound].components(separatedBy: "\r\n")
            return lines.first { $0.hasPrefix(name + ": ") }.map { String($0.dropFirst(name.count + 2)) }
        }
    }

    private let script: TestScript

    /// Starts the server, and waits until it listens.
    /// - Parameter port: one that an earlier server had, or 0 for a free one.
    public static func start(port: Int = 0, _ options: [String] = []) async throws -> MailServer {
        MailServer(script: try await TestScript.start("mail_server.py", port: port, options))
    }

    public var port: Int { script.port }
    public var received: [Received] { script.records(Received.self) }
    public func stop() async { await script.stop() }
}
