import Foundation
import Glibc
import Synchronization

/// A TCP connection that sends and reads bytes as they are, blocking its thread: what a client library would
/// hide (a refused connection, a reset, half an answer) is what these tests look for.
public final class RawConnection: Sendable {
    public enum Failure: Error, Equatable {
        case refused
        case broken(String)
    }

    private let descriptor: Int32
    /// What was read and belongs to no answer yet; whoever reads takes it out and puts the rest back.
    private let rest = Mutex<[UInt8]>([])

    public init(port: Int) throws {
        // A server that a test starts meanwhile must not hold the connection open.
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            throw errno == ECONNREFUSED ? Failure.refused : .broken("connect: \(errno)")
        }
    }

    deinit { close(descriptor) }

    public func send(_ text: String) throws {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let sent = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { throw Failure.broken("send: \(errno)") }
            bytes = bytes.dropFirst(sent)
        }
    }

    /// Ends this side of the connection; the other may still send.
    public func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Reads one answer with its body, which has a Content-Length.
    public func answer() throws -> (status: Int, head: String, body: String) {
        var buffer = takeRest()
        defer { rest.withLock { $0 = buffer } }
        let end = Array("\r\n\r\n".utf8)
        var headEnd: Int?
        while headEnd == nil {
            headEnd = buffer.indices.first { buffer[$0...].starts(with: end) }
            if headEnd == nil, try !readMore(&buffer) { throw Failure.broken("closed before an answer") }
        }
        let head = String(decoding: buffer[..<(headEnd ?? 0)], as: UTF8.self)
        buffer.removeFirst((headEnd ?? 0) + 4)
        let length =
            head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
            .flatMap { Int($0.split(separator: ":")[1].trimmingCharacters(in: .whitespaces)) } ?? 0
        while buffer.count < length {
            guard try readMore(&buffer) else { throw Failure.broken("closed within an answer") }
        }
        let body = String(decoding: buffer[..<length], as: UTF8.self)
        buffer.removeFirst(length)
        return (Int(head.split(separator: " ")[1]) ?? 0, head, body)
    }

    /// Whether the server has closed the connection, waiting for what it does.
    public func isClosed() throws -> Bool {
        var buffer = takeRest()
        defer { rest.withLock { $0 = buffer } }
        return try buffer.isEmpty && !readMore(&buffer)
    }

    private func takeRest() -> [UInt8] {
        rest.withLock { rest in
            defer { rest = [] }
            return rest
        }
    }

    private func readMore(_ buffer: inout [UInt8]) throws -> Bool {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &chunk, chunk.count, 0)
        guard count >= 0 else { throw Failure.broken("recv: \(errno)") }
        buffer += chunk[..<count]
        return count > 0
    }
}

/// Runs blocking work on a thread of its own, off the pool that async code runs on.
public func onThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread { continuation.resume(with: Result(catching: work)) }.start()
    }
}
