import Foundation

/// A connection string and the password that stood in it, apart: a command line is read by everybody on the
/// machine (`/proc/PID/cmdline`), the environment of a process by its owner alone.
struct ConnectionPassword: Sendable, Equatable {
    /// The connection string without its password.
    let address: String
    /// Nil where the string named none.
    let password: String?

    /// Cuts as libpq does: a URI's user information and `password=` parameter, or the `key=value` words.
    init(separating text: String) {
        (address, password) =
            text.hasPrefix("postgresql://") || text.hasPrefix("postgres://")
            ? Self.cutURI(text) : Self.cutWords(text)
    }

    private static func cutURI(_ text: String) -> (String, String?) {
        guard let scheme = text.firstRange(of: "://") else { return (text, nil) }
        var rest = text[scheme.upperBound...]
        var password: String?
        var authority = ""
        // libpq takes what stands before the first @ for user:password, unless a slash comes first.
        if let end = rest.firstIndex(where: { "@/".contains($0) }), rest[end] == "@" {
            let user = rest[..<end]
            if let colon = user.firstIndex(of: ":") {
                password = String(user[user.index(after: colon)...]).removingPercentEncoding
                authority = "\(user[..<colon])@"
            } else {
                authority = "\(user)@"
            }
            rest = rest[rest.index(after: end)...]
        }
        guard let query = rest.firstIndex(of: "?") else {
            return ("\(text[..<scheme.upperBound])\(authority)\(rest)", password)
        }
        let kept = rest[rest.index(after: query)...].split(separator: "&").filter { parameter in
            guard parameter.hasPrefix("password=") else { return true }
            password = String(parameter.dropFirst("password=".count)).removingPercentEncoding
            return false
        }
        let suffix = kept.isEmpty ? "" : "?\(kept.joined(separator: "&"))"
        return ("\(text[..<scheme.upperBound])\(authority)\(rest[..<query])\(suffix)", password)
    }

    /// `host=h password='it''s'`, where a backslash takes the next character as it is.
    private static func cutWords(_ text: String) -> (String, String?) {
        var kept = ""
        var password: String?
        var rest = Substring(text)
        while let begin = rest.firstIndex(where: { !$0.isWhitespace }) {
            kept += rest[..<begin]
            rest = rest[begin...]
            guard let equals = rest.firstIndex(of: "=") else { return (kept + rest, password) }
            let name = rest[..<equals].trimmingCharacters(in: .whitespaces)
            let (value, end) = value(in: rest, from: rest.index(after: equals))
            if name == "password" { password = value } else { kept += rest[..<end] }
            rest = rest[end...]
        }
        return (kept.trimmingCharacters(in: .whitespaces), password)
    }

    private static func value(in text: Substring, from start: Substring.Index) -> (String, Substring.Index) {
        var index = text[start...].firstIndex { !$0.isWhitespace } ?? text.endIndex
        let isQuoted = index < text.endIndex && text[index] == "'"
        if isQuoted { index = text.index(after: index) }
        var value = ""
        while index < text.endIndex {
            let character = text[index]
            index = text.index(after: index)
            if character == "\\", index < text.endIndex {
                value.append(text[index])
                index = text.index(after: index)
            } else if isQuoted && character == "'" {
                return (value, index)
            } else if !isQuoted && character.isWhitespace {
                return (value, text.index(before: index))
            } else {
                value.append(character)
            }
        }
        return (value, index)
    }
}
