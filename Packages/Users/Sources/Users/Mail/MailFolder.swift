import ExactTypes
import Foundation
import Logging
import NIOPosix

/// A folder that takes the messages until Notifications sends them: one .eml file each, which any mail
/// program opens.
struct MailFolder: Sendable {
    let path: String

    /// Delivers a message. A failure is logged and not told: what it is about stands, and the person can ask again.
    func send(_ mail: Mail, at now: Date, logger: Logger) async {
        do {
            try await deliver(mail, at: now)
        } catch {
            logger.error("A message could not be written.", metadata: ["error": "\(error)"])
        }
    }

    /// Writes a message. The file appears whole or not at all, and only the service's own user may read it,
    /// because it holds a token.
    func deliver(_ mail: Mail, at now: Date) async throws {
        let id = UUID.version7(at: now)
        let text = mail.rfc5322(at: now, id: id)
        // The file system blocks, so it is met on NIO's threads and not on the cooperative pool.
        try await NIOThreadPool.singleton.runIfActive {
            let folder = URL(filePath: path, directoryHint: .isDirectory)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let name = id.uuidString.lowercased()
            let hidden = folder.appending(path: ".\(name).part")
            let isCreated = FileManager.default.createFile(
                atPath: hidden.path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
            guard isCreated else { throw CocoaError(.fileWriteUnknown) }
            try FileManager.default.moveItem(at: hidden, to: folder.appending(path: "\(name).eml"))
        }
    }
}
