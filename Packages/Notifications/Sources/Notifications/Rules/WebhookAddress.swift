import ExactTypes
import Foundation

/// Where a webhook may go.
enum WebhookAddress {
    /// How many endpoints a user may have.
    static let limit = 10

    private static let scheme = "https://"

    /// Ends of names that no public resolver answers for: RFC 6761, 6762, 7686, 8375 and 9476, and ICANN's `internal`.
    private static let reservedNames: Set<Substring> = [
        "localhost", "local", "internal", "invalid", "test", "example", "onion", "alt",
    ]

    /// An https address with a host that can be looked up, a port that exists, and without credentials, which would
    /// stand in every log.
    /// - Parameter isReachable: whether it also has to be one that a message can reach at all: no address of this machine
    ///   or of a private network, and no name that exists only there.
    static func check(_ text: String, isReachable: Bool = false) throws(ParseError) {
        guard text.hasPrefix(scheme), text.unicodeScalars.count <= 2_048,
            !text.unicodeScalars.contains(where: {
                $0.properties.isWhitespace || $0.properties.generalCategory == .control
            }),
            let parts = URLComponents(string: text), parts.host?.isEmpty == false
        else { throw ParseError(reason: "is not an https address") }
        guard parts.user == nil, parts.password == nil else {
            throw ParseError(reason: "must not hold a name or a password")
        }
        guard parts.fragment == nil else { throw ParseError(reason: "must not have a fragment") }
        let (host, port) = authority(of: text)
        guard port.map(isPort) ?? true else {
            throw ParseError(reason: "must have a port from 1 to 65535")
        }
        guard let checked = self.host(host, in: parts) else {
            throw ParseError(
                reason: "must have a host of ASCII letters, digits and hyphens, or an IP address")
        }
        guard !isReachable || canBeReached(checked) else {
            throw ParseError(
                reason: "can never be reached: the host must be a public one, known outside your network")
        }
    }

    private static func canBeReached(_ host: String) -> Bool {
        if let address = NetworkAddress(host: host) { return address.isPublic }
        let labels = host.split(separator: ".")
        guard labels.count > 1, let last = labels.last else { return false }
        return !reservedNames.contains(last) && !host.hasSuffix(".home.arpa")
    }

    /// The host in lower case, as the connection and our override of its address write it; nil where the address may
    /// not be posted to.
    static func host(of text: String) -> String? {
        guard (try? check(text)) != nil, let parts = URLComponents(string: text) else { return nil }
        return host(authority(of: text).host, in: parts)
    }

    /// What stands between the scheme and the path, as it is written: libraries decode it, each in its own way.
    private static func authority(of text: String) -> (host: Substring, port: Substring?) {
        let authority = text.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
        guard let colon = authority.lastIndex(of: ":") else { return (authority, nil) }
        let port = authority.suffix(from: colon).dropFirst()
        return port.contains("]") ? (authority, nil) : (authority.prefix(upTo: colon), port)
    }

    private static func isPort(_ text: Substring) -> Bool {
        (1...5).contains(text.utf8.count) && text.utf8.allSatisfy(isDigit)
            && Int(text).map { (1...65_535).contains($0) } ?? false
    }

    /// Only what the library reads as it is written: no escapes, and no international name, which it would decode.
    private static func host(_ text: Substring, in parts: URLComponents) -> String? {
        let host = text.lowercased()
        let address = bracketed(host)
        guard let decoded = parts.host?.lowercased(), decoded == host || decoded == address else {
            return nil
        }
        if let address {
            var bytes = in6_addr()
            return inet_pton(AF_INET6, address, &bytes) == 1 ? host : nil
        }
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        return host.utf8.count <= 253 && labels.allSatisfy(isLabel) ? host : nil
    }

    private static func bracketed(_ host: String) -> String? {
        host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : nil
    }

    private static func isLabel(_ text: Substring) -> Bool {
        let hyphen = UInt8(ascii: "-")
        return (1...63).contains(text.utf8.count) && text.utf8.first != hyphen && text.utf8.last != hyphen
            && text.utf8.allSatisfy {
                isDigit($0) || $0 == hyphen || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
            }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
