import Foundation
import Synchronization

/// A TCP port of 127.0.0.1 that leads to a server's unix socket, with faults to order.
///
/// It reads PostgreSQL's messages on their way, so that a fault strikes at an exact place. Two threads carry
/// each link: everything here blocks, which the cooperative pool must not.
final class FaultProxy: Sendable {
    enum Direction: Sendable { case toServer, toClient }

    struct Message: Sendable {
        /// The how-manieth connection it travels on, from 0.
        let link: Int
        let direction: Direction
        /// PostgreSQL's letter; a space for the first message of a connection, which has none.
        let type: Character
        let bytes: [UInt8]

        func contains(_ text: String) -> Bool { bytes.firstRange(of: Array(text.utf8)) != nil }
    }

    enum Verdict: Sendable {
        case pass
        /// Lets so many bytes of it through and then ends both sides.
        case cut(after: Int)
        /// Swallows it and all that follows on this link, both ways, and ends nothing: a half-open connection.
        case silence
    }

    /// Runs on a thread of the proxy and may block it, which delays that direction of that link.
    typealias Rule = @Sendable (Message) -> Verdict

    private struct Link {
        let client: Int32
        let server: Int32
        var endedPumps = 0
        var isSilent = false
    }

    private struct State {
        var rule: Rule?
        var refuses = false
        var delay: Duration = .zero
        var links: [Int: Link] = [:]
        var linkCount = 0
        var isStopped = false
    }

    struct Failure: Error { let call: String }

    let port: Int
    private let target: String
    private let listener: Int32
    private let state = Mutex(State())

    /// - Parameter target: the path of the server's unix socket.
    init(to target: String) throws {
        self.target = target
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, 64) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isBound else { throw Failure(call: "bind: \(String(cString: strerror(errno)))") }
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread { [self] in acceptAll() }.start()
    }

    // MARK: - Orders

    /// Judges each message from now on; nil lets all pass.
    func judge(_ rule: Rule?) { state.withLock { $0.rule = rule } }

    /// Ends each new connection at once, or no longer.
    func refuse(_ refuses: Bool) { state.withLock { $0.refuses = refuses } }

    /// Holds back each piece on its way to the client for so long.
    func delayAnswers(by delay: Duration) { state.withLock { $0.delay = delay } }

    /// Ends the connections that there are.
    func cutAll() { state.withLock { for link in $0.links.values { Self.cut(link) } } }

    /// Lets nothing more through on the connections that there are, and ends none of them.
    func silenceAll() {
        state.withLock { for number in $0.links.keys { $0.links[number]?.isSilent = true } }
    }

    /// Connections that the client has not closed.
    var liveLinks: Int { state.withLock { $0.links.count } }

    /// Connections that were ever accepted.
    var acceptedLinks: Int { state.withLock { $0.linkCount } }

    func stop() {
        state.withLock { $0.isStopped = true }
        cutAll()
    }

    // MARK: - The threads

    private func acceptAll() {
        defer { close(listener) }
        while !state.withLock({ $0.isStopped }) {
            var waiting = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, 20) > 0 else { continue }
            let client = accept(listener, nil, nil)
            guard client >= 0 else { continue }
            _ = fcntl(client, F_SETFD, FD_CLOEXEC)
            guard !state.withLock({ $0.refuses }), let server = connectToTarget() else {
                close(client)
                continue
            }
            var one: Int32 = 1
            setsockopt(client, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
            let number = state.withLock { state in
                defer { state.linkCount += 1 }
                state.links[state.linkCount] = Link(client: client, server: server)
                return state.linkCount
            }
            Thread { [self] in pump(number, .toServer, from: client, to: server) }.start()
            Thread { [self] in pump(number, .toClient, from: server, to: client) }.start()
        }
    }

    private func connectToTarget() -> Int32? {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: target.utf8.prefix($0.count - 1)) }
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        if code == 0 { return descriptor }
        close(descriptor)
        return nil
    }

    private func pump(_ number: Int, _ direction: Direction, from source: Int32, to sink: Int32) {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        var held: [UInt8] = []
        var isFirst = direction == .toServer
        while true {
            let count = recv(source, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            let delay = state.withLock { direction == .toClient ? $0.delay : .zero }
            if delay > .zero { Thread.sleep(forTimeInterval: delay / .seconds(1)) }
            held += buffer[..<count]
            guard forward(&held, &isFirst, number, direction, to: sink) else { break }
        }
        state.withLock { state in
            guard var link = state.links[number] else { return }
            Self.cut(link)
            link.endedPumps += 1
            state.links[number] = link
            guard link.endedPumps == 2 else { return }
            close(link.client)
            close(link.server)
            state.links[number] = nil
        }
    }

    /// Forwards the whole messages that are held; false where the link is to end.
    private func forward(
        _ held: inout [UInt8], _ isFirst: inout Bool, _ number: Int, _ direction: Direction, to sink: Int32
    ) -> Bool {
        while let size = Self.size(of: held, isFirst: isFirst), held.count >= size {
            let type: Character = isFirst ? " " : Character(UnicodeScalar(held[0]))
            let bytes = Array(held[..<size])
            held.removeFirst(size)
            isFirst = false
            let (rule, isSilent) = state.withLock { ($0.rule, $0.links[number]?.isSilent ?? true) }
            if isSilent { continue }
            let message = Message(link: number, direction: direction, type: type, bytes: bytes)
            switch rule?(message) ?? .pass {
            case .pass:
                // It may have become silent while the rule held it back.
                if state.withLock({ $0.links[number]?.isSilent ?? true }) { continue }
                guard Self.sendAll(bytes[...], to: sink) else { return false }
            case .cut(let limit):
                _ = Self.sendAll(bytes.prefix(limit), to: sink)
                return false
            case .silence: state.withLock { $0.links[number]?.isSilent = true }
            }
        }
        return true
    }

    /// The length of the message at the start, once enough of it is there to tell.
    private static func size(of held: [UInt8], isFirst: Bool) -> Int? {
        let start = isFirst ? 0 : 1
        guard held.count >= start + 4 else { return nil }
        return start + held[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
    }

    private static func sendAll(_ bytes: ArraySlice<UInt8>, to sink: Int32) -> Bool {
        bytes.withUnsafeBytes { raw in
            var sent = 0
            while sent < raw.count {
                let rest = raw.baseAddress?.advanced(by: sent)
                let count = send(sink, rest, raw.count - sent, Int32(MSG_NOSIGNAL))
                guard count > 0 else { return false }
                sent += count
            }
            return true
        }
    }

    private static func cut(_ link: Link) {
        shutdown(link.client, Int32(SHUT_RDWR))
        shutdown(link.server, Int32(SHUT_RDWR))
    }
}
