import Foundation

/// A message in words, within the limits of the inbox.
struct MessageText: Sendable, Hashable {
    /// In Unicode scalars, as PostgreSQL counts characters.
    static let titleLimit = 200
    static let bodyLimit = 4_000

    let title: String
    let body: String

    init(title: String, body: String) {
        self.title = Self.clipped(title, to: Self.titleLimit)
        self.body = Self.clipped(body, to: Self.bodyLimit)
    }

    private static func clipped(_ text: String, to limit: Int) -> String {
        let scalars = text.unicodeScalars
        guard scalars.count > limit else { return text }
        return String(String.UnicodeScalarView(scalars.prefix(limit - 1))) + "…"
    }
}

extension String {
    /// A value of an event as it may stand within a line: without line breaks and other control characters, which
    /// would begin a header of their own in a mail.
    var inline: String {
        String(
            String.UnicodeScalarView(
                unicodeScalars.map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .lineSeparator, .paragraphSeparator: " "
                    default: scalar
                    }
                }))
    }
}
