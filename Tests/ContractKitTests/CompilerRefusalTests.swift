import CompilerTesting
import Foundation
import Testing

/// What a document says of answers holds because code that says otherwise does not compile, against the contract of
/// this very build.
struct CompilerRefusalTests {
    private func compile(_ answer: String) async throws -> (isGood: Bool, words: String) {
        let file = FileManager.default.temporaryDirectory.appending(path: "answer-\(UUID()).swift")
        defer { try? FileManager.default.removeItem(at: file) }
        try """
        import NotificationsContract

        func answer() -> NotificationsAPI.ReadAllNotifications.Output {
            \(answer)
        }

        """.write(to: file, atomically: true, encoding: .utf8)
        return try await SwiftCompiler.typecheck([file.path])
    }

    @Test func anAnswerOfTheDocumentCompiles() async throws {
        let (isGood, words) = try await compile(".ok(NotificationsAPI.Unread(unread: 1))")
        #expect(isGood, "\(words)")
    }

    /// As after a field was added to the document.
    @Test func aFieldThatTheCodeDoesNotGiveIsRefused() async throws {
        let (isGood, words) = try await compile(".ok(NotificationsAPI.Unread())")
        #expect(!isGood)
        #expect(words.contains("missing argument for parameter 'unread' in call"), "\(words)")
    }

    @Test func anAnswerThatTheDocumentDoesNotHaveIsRefused() async throws {
        let (isGood, words) = try await compile(".created(NotificationsAPI.Unread(unread: 1))")
        #expect(!isGood)
        #expect(
            words.contains("type 'NotificationsAPI.ReadAllNotifications.Output' has no member 'created'"),
            "\(words)")
    }
}
