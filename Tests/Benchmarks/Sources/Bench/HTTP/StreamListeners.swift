import Foundation
import Glibc
import Synchronization

/// Clients of event streams, each on a connection of its own, which one thread of this process reads.
final class StreamListeners: Sendable {
    private struct State {
        /// How many have got their first event, with the count of what is unread.
        var begun = 0
        /// How many connections are at an end or were refused.
        var ended = 0
        var microseconds: [Double] = []
        var isStopped = false
    }

    let count: Int
    private let state = Mutex(State())

    var begun: Int { state.withLock { $0.begun } }
    var ended: Int { state.withLock { $0.ended } }
    var received: Int { state.withLock { $0.microseconds.count } }

    /// Connects a listener for each token, and reads until ``stop()``.
    init(port: Int, tokens: [Substring]) throws {
        count = tokens.count
        try Self.allowDescriptors(count + 256)
        let sockets = try tokens.map { token in
            let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = HTTPServerProgram.loopback(port: in_port_t(port))
            let isConnected = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
            let request =
                "GET /v1/notifications/stream HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(token)\r\n\r\n"
            guard isConnected, send(socket, request, request.utf8.count, Int32(MSG_NOSIGNAL)) > 0 else {
                throw BenchFailure(message: "A listener cannot connect.")
            }
            return socket
        }
        Thread.detachNewThread { self.read(sockets) }
    }

    func stop() { state.withLock { $0.isStopped = true } }

    /// Microseconds from before the statement that made a message to its last byte here; they are forgotten.
    func takeMicroseconds() -> [Double] {
        state.withLock { state in
            defer { state.microseconds = [] }
            return state.microseconds
        }
    }

    private func read(_ sockets: [Int32]) {
        var polled = sockets.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        var texts = [String](repeating: "", count: sockets.count)
        var bytes = [UInt8](repeating: 0, count: 65_536)
        while !state.withLock({ $0.isStopped }) {
            guard poll(&polled, nfds_t(polled.count), 100) > 0 else { continue }
            for index in polled.indices where polled[index].revents != 0 {
                let length = recv(polled[index].fd, &bytes, bytes.count, 0)
                guard length > 0 else {
                    // A negative descriptor is passed over by poll.
                    polled[index].fd = -1
                    state.withLock { $0.ended += 1 }
                    continue
                }
                texts[index] += String(decoding: bytes[..<length], as: UTF8.self)
                take(&texts[index])
            }
        }
        for socket in sockets { close(socket) }
    }

    /// Takes the events that are complete. Each is one chunk, so that no length of a chunk stands within it.
    private func take(_ text: inout String) {
        let now = Self.nanoseconds
        while let end = text.range(of: "\n\n") {
            let event = text[..<end.lowerBound]
            if event.contains("event: unread") { state.withLock { $0.begun += 1 } }
            if let sent = event.firstMatch(of: /"sent":([0-9]+)/).flatMap({ UInt64($0.1) }) {
                state.withLock { $0.microseconds.append(Double(now - sent) / 1_000) }
            }
            text = String(text[end.upperBound...])
        }
    }

    /// Of the clock that only goes forward.
    static var nanoseconds: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    private static func allowDescriptors(_ count: Int) throws {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        guard limit.rlim_cur < count else { return }
        limit.rlim_cur = min(rlim_t(count), limit.rlim_max)
        guard limit.rlim_cur == count, setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
        else { throw BenchFailure(message: "\(count) files cannot be open: raise `ulimit -n`.") }
    }
}
