import Foundation

/// An address of the network, as numbers.
enum NetworkAddress: Sendable, Hashable {
    case v4([UInt8])
    case v6([UInt8])

    /// The address that a host is, where it is one and no name: in brackets, or as numbers in any form that a connection
    /// would read ("0x7f.1", "2130706433").
    init?(host: String) {
        if host.hasPrefix("["), host.hasSuffix("]") {
            var address = in6_addr()
            guard inet_pton(AF_INET6, String(host.dropFirst().dropLast()), &address) == 1 else { return nil }
            self = .v6(withUnsafeBytes(of: address, Array.init))
        } else {
            var address = in_addr()
            guard inet_aton(host, &address) != 0 else { return nil }
            self = .v4(withUnsafeBytes(of: address, Array.init))
        }
    }

    /// Whether it belongs to the public internet: no address of this machine, of a private network, of the link, of
    /// documentation, of a group, and no IPv6 address in which an IPv4 one is wrapped.
    ///
    /// The lists are IANA's special-purpose registries.
    var isPublic: Bool {
        switch self {
        case .v4(let bytes): !Self.specialV4.contains { $0.contains(bytes) }
        case .v6(let bytes):
            Block([0x20], 3).contains(bytes) && !Self.specialV6.contains { $0.contains(bytes) }
        }
    }

    /// As a URL and libcurl write it, without brackets.
    var text: String {
        switch self {
        case .v4(let bytes): bytes.map(String.init).joined(separator: ".")
        case .v6(let bytes):
            stride(from: 0, to: bytes.count, by: 2)
                .map { String(bytes.dropFirst($0).prefix(2).reduce(0) { $0 << 8 | Int($1) }, radix: 16) }
                .joined(separator: ":")
        }
    }

    private struct Block {
        let prefix: [UInt8]
        let bits: Int

        init(_ prefix: [UInt8], _ bits: Int) {
            self.prefix = prefix
            self.bits = bits
        }

        func contains(_ address: [UInt8]) -> Bool {
            (0..<bits).allSatisfy { bit in
                let expected = bit / 8 < prefix.count ? prefix[bit / 8] : 0
                return (expected ^ address[bit / 8]) >> (7 - bit % 8) & 1 == 0
            }
        }
    }

    private static let specialV4 = [
        Block([0], 8), Block([10], 8), Block([100, 64], 10), Block([127], 8), Block([169, 254], 16),
        Block([172, 16], 12), Block([192, 0, 0], 24), Block([192, 0, 2], 24), Block([192, 88, 99], 24),
        Block([192, 168], 16), Block([198, 18], 15), Block([198, 51, 100], 24), Block([203, 0, 113], 24),
        Block([224], 4), Block([240], 4),
    ]

    /// Of 2000::/3, which alone is given out: Teredo and other protocols, documentation, 6to4.
    private static let specialV6 = [
        Block([0x20, 0x01], 23), Block([0x20, 0x01, 0x0d, 0xb8], 32), Block([0x20, 0x02], 16),
        Block([0x3f, 0xff], 20),
    ]
}
