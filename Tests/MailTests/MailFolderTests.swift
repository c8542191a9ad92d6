import Foundation
import Testing

@testable import Mail

@Suite struct MailFolderTests {
    @Test func aMessageIsAFileForItsOwnerAlone() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "grove-mail-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        let transport = MailTransport.folder(MailFolder(path: folder.path))
        for text in ["First.", "Again."] {
            let answer = try await transport.send(
                MailMessage(
                    id: "0198", recipient: try MailAddress(parsing: "ada@example.com"), subject: "Hello",
                    text: text, date: Date()))
            #expect(answer == nil)
        }
        // Sent again under its id it is the same file, and no draft is left.
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(files == ["0198.eml"])
        let path = folder.appending(path: "0198.eml").path
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.contains("To: <ada@example.com>\r\n") && text.hasSuffix("Again.\r\n"))
        #expect(text.contains("From: Grove <no-reply@grove.invalid>\r\n"))
    }

    @Test func aFolderThatCannotBeWrittenToIsATemporaryFailureThatNamesNoPath() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "grove-file-\(UUID())")
        try Data().write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let message = MailMessage(
            id: "0198", recipient: try MailAddress(parsing: "ada@example.com"), subject: "Hello", text: "Hi.",
            date: Date())
        let failure = await #expect(throws: SendingFailure.self) {
            try await MailTransport.folder(MailFolder(path: file.path)).send(message)
        }
        #expect(failure?.isPermanent == false)
        #expect(failure?.reason.contains(file.lastPathComponent) == false)
    }
}
