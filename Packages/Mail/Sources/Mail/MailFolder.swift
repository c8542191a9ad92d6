import Foundation
import NIOPosix

/// A folder that takes messages: one .eml file each, which any mail program opens. It is for machines without a mail server,
/// so what is written there comes from an address that takes no answer.
public struct MailFolder: Sendable {
    let path: String

    /// - Parameter path: it is made when it does not exist.
    public init(path: String) { self.path = path }

    /// Writes a message under its id. The file appears whole or not at all, and only the service's own user may read it,
    /// because a message may hold a token. Written again, it is the same file.
    func write(_ message: MailMessage) async throws(SendingFailure) {
        let text = message.rfc5322(from: .unanswered, named: "Grove")
        do {
            // The file system blocks, so it is met on NIO's threads and not on the cooperative pool.
            try await NIOThreadPool.singleton.runIfActive { [path] in
                let folder = URL(filePath: path, directoryHint: .isDirectory)
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                let draft = folder.appending(path: ".\(message.id).\(UUID()).part")
                let isCreated = FileManager.default.createFile(
                    atPath: draft.path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
                guard isCreated else { throw CocoaError(.fileWriteUnknown) }
                // Renaming replaces what an earlier attempt wrote.
                guard rename(draft.path, folder.appending(path: "\(message.id).eml").path) == 0 else {
                    try? FileManager.default.removeItem(at: draft)
                    throw CocoaError(.fileWriteUnknown)
                }
            }
        } catch {
            // The error's own words hold the path.
            throw .temporary("the message could not be written (\(type(of: error)))")
        }
    }
}
