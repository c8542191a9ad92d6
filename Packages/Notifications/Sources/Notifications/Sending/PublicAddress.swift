import Foundation
import NIOCore
import NIOPosix

/// An address of the network, as numbers.
enum NetworkAddress: Sendable, Hashable {
    case v4([UInt8])
    case v6([UInt8])

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

/// Looks names up, on threads that nothing else waits for.
struct HostLookup: Sendable {
    enum Answer: Sendable, Hashable {
        /// Those of IPv4 first.
        case addresses([NetworkAddress])
        /// The host has no address: whoever named it is wrong.
        case noAddress
        /// Our side did not find out, and this says nothing of the host.
        case unknown(reason: String)
    }

    /// For the process. The threads sleep while nothing is looked up.
    static let shared: HostLookup = {
        let threads = NIOThreadPool(numberOfThreads: 32)
        threads.start()
        return HostLookup(threads: threads)
    }()

    let threads: NIOThreadPool

    /// The addresses of a host. Numbers in any form, "0x7f.1" too, are read as the connection would read them.
    func addresses(of host: String, until deadline: NIODeadline = .distantFuture) async -> Answer {
        let (answers, answer) = AsyncStream.makeStream(
            of: Answer.self, bufferingPolicy: .bufferingNewest(1))
        threads.submit { state in
            // A look-up whose time has passed while it waited for a thread is not made.
            if case .active = state, NIODeadline.now() < deadline { answer.yield(Self.read(host)) }
            answer.finish()
        }
        let timer = MultiThreadedEventLoopGroup.singleton.any().scheduleTask(deadline: deadline) {
            answer.finish()
        }
        defer { timer.cancel() }
        for await found in answers { return found }
        return .unknown(reason: "the host could not be looked up in time")
    }

    /// What a code of getaddrinfo means. That a name does not exist is the host's fault; a resolver that does not answer,
    /// refuses or has no memory is ours.
    static func answer(forCode code: Int32) -> Answer {
        switch code {
        case EAI_AGAIN, EAI_FAIL, EAI_MEMORY, EAI_SYSTEM:
            .unknown(reason: "the host could not be looked up (\(String(cString: gai_strerror(code))))")
        default: .noAddress
        }
    }

    private static func read(_ host: String) -> Answer {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &first)
        guard code == 0, let first else { return answer(forCode: code) }
        defer { freeaddrinfo(first) }
        var (v4, v6): ([NetworkAddress], [NetworkAddress]) = ([], [])
        for info in sequence(first: first, next: \.pointee.ai_next) {
            guard let address = info.pointee.ai_addr else { continue }
            switch info.pointee.ai_family {
            case AF_INET:
                address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                    v4.append(.v4(withUnsafeBytes(of: $0.pointee.sin_addr, Array.init)))
                }
            case AF_INET6:
                address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                    v6.append(.v6(withUnsafeBytes(of: $0.pointee.sin6_addr, Array.init)))
                }
            default: break
            }
        }
        return v4.isEmpty && v6.isEmpty ? .noAddress : .addresses(v4 + v6)
    }
}
