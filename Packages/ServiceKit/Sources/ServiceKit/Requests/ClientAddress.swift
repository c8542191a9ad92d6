import Foundation

/// The network address that a request comes from, and what limits count it by.
///
/// A subscriber of IPv6 has a whole /64 to choose addresses from, so limits count the /64. An IPv4 address that is
/// written as IPv6 (mapped, by a translator or by 6to4) is counted as the IPv4 address, or whoever has one address
/// would count twice, or many would count as one.
public struct ClientAddress: Sendable, Hashable, CustomStringConvertible {
    /// The address as a person reads it: `192.0.2.7`, `2001:db8::1`, or `unknown`.
    public let description: String
    /// What limits count by: the IPv4 address, or the /64 of an IPv6 one. What is no address counts as one network.
    public let network: String

    /// The address of a connection that has none, as of a Unix socket.
    public static let unknown = ClientAddress(description: "unknown", network: "unknown")

    /// Reads an address as `X-Forwarded-For` and sockets give it: IPv4 or IPv6, with or without a zone, brackets or
    /// a port. Nil for any other text.
    public init?(parsing text: some StringProtocol) {
        let trimmed = text.trimmingCharacters(in: .whitespaces)
        let host: Substring
        if trimmed.hasPrefix("[") {
            guard trimmed.contains("]") else { return nil }
            host = trimmed.prefix { $0 != "]" }.dropFirst()
        } else if trimmed.utf8.count(where: { $0 == UInt8(ascii: ":") }) == 1 {
            host = trimmed.prefix { $0 != ":" }
        } else {
            host = Substring(trimmed)
        }
        // inet_pton reads until the first NUL, and what stands after it would pass.
        guard !host.utf8.contains(0) else { return nil }
        let bare = String(host.prefix { $0 != "%" })
        if let bytes = Self.bytes(of: bare, family: AF_INET, count: 4) {
            self.init(ipv4: bytes)
        } else if let bytes = Self.bytes(of: bare, family: AF_INET6, count: 16) {
            self.init(ipv6: bytes)
        } else {
            return nil
        }
    }

    private init(description: String, network: String) {
        self.description = description
        self.network = network
    }

    private init(ipv4 bytes: some Sequence<UInt8>) {
        let text = bytes.map(String.init).joined(separator: ".")
        self.init(description: text, network: text)
    }

    private init(ipv6 bytes: [UInt8]) {
        if let embedding = Self.embeddings.first(where: { bytes.starts(with: $0.prefix) }) {
            self.init(ipv4: bytes.dropFirst(embedding.start).prefix(4))
            return
        }
        let network = stride(from: 0, to: 8, by: 2).map {
            String(bytes.dropFirst($0).prefix(2).reduce(UInt16(0)) { $0 << 8 | UInt16($1) }, radix: 16)
        }
        self.init(
            description: Self.text(of: bytes), network: network.joined(separator: ":") + "::/64")
    }

    /// Prefixes of IPv6 that hold an IPv4 address, and the byte at which that begins.
    private static let embeddings: [(prefix: [UInt8], start: Int)] = [
        // ::ffff:0:0/96: mapped, as a socket for both families shows IPv4.
        ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF], 12),
        // 64:ff9b::/96: translated. By the /64, all of IPv4 would be one network.
        ([0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0], 12),
        // 2002::/16: 6to4. By the /64, an IPv4 address would be 65,536 networks.
        ([0x20, 0x02], 2),
    ]

    private static func bytes(of text: String, family: Int32, count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return inet_pton(family, text, &bytes) == 1 ? bytes : nil
    }

    /// The canonical text (RFC 5952).
    private static func text(of bytes: [UInt8]) -> String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(AF_INET6, bytes, &text, socklen_t(text.count)) != nil else { return "unknown" }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
