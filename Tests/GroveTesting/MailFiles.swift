public import Foundation

/// The messages that a service leaves as files.
public enum MailFiles {
    /// The tokens of the messages to an email, oldest first.
    public static func tokens(to email: String, in folder: URL) throws -> [String] {
        let files = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        return try (files ?? []).filter { $0.pathExtension == "eml" }
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
            .map { try String(contentsOf: $0, encoding: .utf8) }
            .filter { $0.contains("To: <\(email)>\r\n") }.compactMap(mailedToken)
    }
}

/// The token in a message, whether it stands alone or in a link.
public func mailedToken(in message: String) -> String? {
    // A line of quoted-printable that ends in "=" goes on in the next.
    message.replacing("=\r\n", with: "").firstMatch(of: /gre_[A-Za-z0-9_-]+/).map { String($0.0) }
}
