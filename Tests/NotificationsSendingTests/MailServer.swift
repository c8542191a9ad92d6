import Foundation
import GroveTesting
import SharedTypes

@testable import Notifications

/// The mail server of the tests, as mail_server.py describes it, in a process of its own.
struct MailServer: Sendable {
    /// A message that the server has taken.
    struct Received: Decodable, Sendable {
        let sender: String
        let recipients: [String]
        let content: Data
        let hello: String
        let user: String?
        let tls: Bool

        var text: String { String(decoding: content, as: UTF8.self) }

        /// A header's value, unfolded.
        func header(_ name: String) -> String? {
            let unfolded = text.replacing("\r\n ", with: " ")
            guard let end = unfolded.range(of: "\r\n\r\n") else { return nil }
            let lines = unfolded[..<end.lowerBound].components(separatedBy: "\r\n")
            return lines.first { $0.hasPrefix(name + ": ") }.map { String($0.dropFirst(name.count + 2)) }
        }
    }

    let port: Int
    private let process: ServiceProcess

    /// Starts the server, and waits until it listens.
    /// - Parameter port: one that an earlier server had, or 0 for a free one.
    static func start(port: Int = 0, _ options: [String] = []) async throws -> MailServer {
        let script = Repository.root.appending(path: "Tests/NotificationsSendingTests/mail_server.py")
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
    var received: [Received] {
        process.output.split(separator: "\n").compactMap { line in
            try? JSONDecoder().decode(Received.self, from: Data(line.utf8))
        }
    }

    func stop() async {
        process.signal(SIGKILL)
        _ = await process.exitCode()
    }

    /// How to reach it.
    func settings(
        scheme: String = "smtp", user: String? = nil, password: String? = nil, requiresTLS: Bool = false,
        certificates: String? = nil, timeoutSeconds: Int = 10
    ) throws -> MailSettings {
        try MailSettings(
            url: "\(scheme)://127.0.0.1:\(port)", user: user, password: password,
            sender: try MailAddress(parsing: "notices@grove.example"), requiresTLS: requiresTLS,
            certificates: certificates, timeoutSeconds: timeoutSeconds)
    }
}

/// A certificate for 127.0.0.1 that signs itself, made by openssl in a folder of its own.
struct TestCertificate: Sendable {
    let certificate: String
    let key: String

    static func make() async throws -> TestCertificate {
        let folder = FileManager.default.temporaryDirectory.appending(path: "grove-certificate-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let made = TestCertificate(
            certificate: folder.appending(path: "certificate.pem").path,
            key: folder.appending(path: "key.pem").path)
        let process = try ServiceProcess(
            tool: "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                "2",
                "-subj", "/CN=localhost", "-addext",
                "subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:hooks.example",
                "-keyout", made.key, "-out", made.certificate,
            ], in: folder)
        let code = await process.exitCode()
        guard code == 0 else { throw ServiceProcess.Failure(description: process.output) }
        return made
    }
}
