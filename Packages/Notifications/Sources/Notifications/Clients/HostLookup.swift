import Foundation
import NIOCore
import NIOPosix

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
