import Foundation
import SharedTypes

/// Where a webhook may go.
enum WebhookAddress {
    /// How many endpoints a user may have.
    static let limit = 10

    /// An https address with a host and without credentials, which would stand in every log.
    static func check(_ text: String) throws(ParseError) {
        guard text.hasPrefix("https://"), text.unicodeScalars.count <= 2_048,
            !text.unicodeScalars.contains(where: {
                $0.properties.isWhitespace || $0.properties.generalCategory == .control
            }),
            let parts = URLComponents(string: text), let host = parts.host, !host.isEmpty
        else { throw ParseError(reason: "is not an https address") }
        guard parts.user == nil, parts.password == nil else {
            throw ParseError(reason: "must not hold a name or a password")
        }
        guard parts.fragment == nil else { throw ParseError(reason: "must not have a fragment") }
    }
}
