import Foundation
import GroveTesting
import SharedTypes

@testable import Notifications

extension MailServer {
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
