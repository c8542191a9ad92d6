import NIOCore
import NIOPosix
import Synchronization

/// A fake vendor behind a real socket on this machine, with faults on demand.
///
/// It speaks HTTP/1.1 and closes the connection after each answer. It is written on the bare socket, because a library
/// for servers keeps its user from exactly the faults that are wanted here.
public final class FakeServer: Sendable {
    /// The port that it listens on.
    public let port: Int
    /// Each request as it arrives, before it is answered. One task may wait for them.
    public let arrivals: AsyncStream<FakeRequest>

    private let vendor: any FakeVendor
    private let arrived: AsyncStream<FakeRequest>.Continuation
    private let state = Mutex(State())
    private let serving = Mutex<Task<Void, Never>?>(nil)

    private struct State {
        var requests: [FakeRequest] = []
        /// The next requests' faults, nil where one is answered well.
        var planned: [Fault?] = []
        /// What happens after them.
        var standing: Fault?
    }

    private typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>
    private typealias Listener = NIOAsyncChannel<Connection, Never>

    /// Starts a vendor.
    /// - Parameter port: 0 lets the system choose one.
    public static func start(_ vendor: some FakeVendor, port: Int = 0) async throws -> FakeServer {
        let listener: Listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try Connection(wrappingChannelSynchronously: channel)
                }
            }
        let server = FakeServer(vendor, port: listener.channel.localAddress?.port ?? port)
        server.serving.withLock { $0 = Task { await server.serve(listener) } }
        return server
    }

    private init(_ vendor: any FakeVendor, port: Int) {
        self.vendor = vendor
        self.port = port
        (arrivals, arrived) = AsyncStream.makeStream()
    }

    /// The address of the vendor, without a path.
    public var url: String { "http://127.0.0.1:\(port)" }

    /// Every request so far, in the order of arrival.
    public var requests: [FakeRequest] { state.withLock { $0.requests } }

    /// What happens at the next requests, one fault each; nil is a good answer. Behind them all is well again.
    public func plan(_ faults: [Fault?]) {
        state.withLock {
            $0.planned = faults
            $0.standing = nil
        }
    }

    /// What happens at every request from now on; nil for good answers.
    public func always(_ fault: Fault?) {
        state.withLock {
            $0.planned = []
            $0.standing = fault
        }
    }

    /// Closes the socket and every connection.
    public func stop() async {
        let task = serving.withLock { task in
            defer { task = nil }
            return task
        }
        task?.cancel()
        await task?.value
        arrived.finish()
    }

    // MARK: - Connections

    private func serve(_ listener: Listener) async {
        // A connection that breaks is what a test may want; it ends that connection alone.
        try? await listener.executeThenClose { connections in
            try await withThrowingDiscardingTaskGroup { group in
                for try await connection in connections {
                    group.addTask { try? await self.serve(connection) }
                }
            }
        }
    }

    private func serve(_ connection: Connection) async throws {
        try await connection.executeThenClose { inbound, outbound in
            var head: [UInt8] = []
            var pieces = inbound.makeAsyncIterator()
            while let piece = try await pieces.next() {
                head += piece.readableBytesView
                guard let request = FakeRequest(head: head) else { continue }
                let fault = note(request)
                guard fault != .noAnswer else {
                    while try await pieces.next() != nil {}
                    return
                }
                try await write(vendor.answer(request, fault: fault), with: fault, to: outbound)
                return
            }
        }
    }

    private func note(_ request: FakeRequest) -> Fault? {
        let fault = state.withLock { state -> Fault? in
            state.requests.append(request)
            return state.planned.isEmpty ? state.standing : state.planned.removeFirst()
        }
        arrived.yield(request)
        return fault
    }

    private func write(
        _ answer: FakeAnswer, with fault: Fault?, to outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) async throws {
        func send(_ bytes: some Collection<UInt8>) async throws {
            try await outbound.write(ByteBuffer(bytes: bytes))
        }
        switch fault {
        case .closedConnection:
            return
        case .status(let status, let retryAfter):
            var refusal = FakeAnswer.html(status: status)
            refusal.headers["Retry-After"] = retryAfter.map(String.init)
            try await send(refusal.head + refusal.body)
        case .html:
            let page = FakeAnswer.html()
            try await send(page.head + page.body)
        case .truncatedBody:
            try await send(answer.head + answer.body.prefix(answer.body.count / 2))
        case .halfDocument:
            var half = answer
            half.body = Array(answer.body.prefix(answer.body.count / 2))
            try await send(half.head + half.body)
        case .padded(let bytes):
            var padded = answer
            padded.body = Array(repeating: UInt8(ascii: " "), count: 2 * bytes) + answer.body
            try await send(padded.head + padded.body)
        case .slowDrip(let milliseconds):
            for byte in answer.head + answer.body {
                try await send([byte])
                try await Task.sleep(for: .milliseconds(milliseconds))
            }
        default:
            try await send(answer.head + answer.body)
        }
    }
}
