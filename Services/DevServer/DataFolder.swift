import Crypto
import Foundation

/// Where a dev server keeps what outlives it.
struct DataFolder: Sendable {
    let path: String

    var postgres: String { "\(path)/postgres" }
    var mail: String { "\(path)/mail" }

    /// - Parameter path: nil for the default: `.grove` here, or `/var/lib/grove` under root, since the database
    ///   runs as an unprivileged user then, who cannot enter `/root`.
    init(path: String?) throws {
        let chosen = path ?? (geteuid() == 0 ? "/var/lib/grove" : ".grove")
        self.path = URL(filePath: chosen).standardizedFileURL.path
        for folder in [self.path, mail] {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
    }

    /// The key that seals a context's secrets in the database: made once, readable by the owner alone. Of two that
    /// begin at once both get the one that was there first.
    func sealingKey(of context: String) throws -> String {
        let file = "\(path)/\(context)-sealing-key"
        if !FileManager.default.fileExists(atPath: file) {
            let key = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0).base64EncodedString() }
            let draft = "\(file)-\(UUID().uuidString)"
            let isWritten = FileManager.default.createFile(
                atPath: draft, contents: Data(key.utf8), attributes: [.posixPermissions: 0o600])
            guard isWritten else {
                throw CocoaError(.fileWriteNoPermission, userInfo: [NSFilePathErrorKey: draft])
            }
            defer { try? FileManager.default.removeItem(atPath: draft) }
            // A link is made whole or not at all, and never over another file.
            try? FileManager.default.linkItem(atPath: draft, toPath: file)
        }
        return try String(contentsOfFile: file, encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
