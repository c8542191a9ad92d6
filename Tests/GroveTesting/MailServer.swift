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

    public let port: Int
    private let process: ServiceProcess

    /// Starts the server, and waits until it listens.
    /// - Parameter port: one that an earlier server had, or 0 for a free one.
    public static func start(port: Int = 0, _ options: [String] = []) async throws -> MailServer {
        let script = Repository.root.appending(path: "Tests/GroveTesting/mail_server.py")
        let process = try ServiceProcess(
            tool: "python3", [script.path, "--port", "\(port)"] + options, in: URL(filePath: "/tmp"))
        for _ in 0..<500 {
            if let line = process.output.split(separator: "\n").first(where: { $0.hasPrefix("listening on ") }
            ),
                let port = Int(line.dropFirst(13))
            {
                return MailServer(port: port, process: process)
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw ServiceProcess.Failure(description: "the mail server did not start:\n\(process.output)")
    }

    /// What it has taken so far. A line that is being written is not there yet.
    public var received: [Received] {
        process.output.split(separator: "\n").compactMap { line in
            try? JSONDecoder().decode(Received.self, from: Data(line.utf8))
        }
    }

    public func stop() async {
        process.signal(SIGKILL)
        _ = await process.exitCode()
    }
}
