public import Foundation

/// The messages that Users leaves as files.
public enum MailFolder {
    /// The tokens of the messages to an email, oldest first.
    public static func tokens(to email: String, in folder: URL) throws -> [String] {
        let files = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        return try (files ?? []).sorted { $0.lastPathComponent < $1.lastPathComponent }
            .map { try String(contentsOf: $0, encoding: .utf8) }
            .filter { $0.contains("To: <\(email)>\r\n") }
            .compactMap { $0.split(separator: "\r\n").first { $0.hasPrefix("gre_") }.map(String.init) }
    }
}
