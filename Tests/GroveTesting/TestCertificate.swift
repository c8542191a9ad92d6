import Foundation

/// A certificate for 127.0.0.1 that signs itself, made by openssl in a folder of its own.
public struct TestCertificate: Sendable {
    public let certificate: String
    public let key: String

    public static func make() async throws -> TestCertificate {
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
