import Dispatch
import ExactTypes
import Foundation
import GroveTesting
import Hummingbird
import NIOCore
import ServiceLifecycle
import SharedTypes
import StrictJSON
import Synchronization
import Testing

@testable import ServiceKit

/// Long calculations behind a real socket.
@Suite struct HeavyWorkTests {
    private func serve(
        threads: Int = 1, limits: ServiceLimits? = nil,
        _ body: @escaping @Sendable (TestServer, CalculationModule) async throws -> Void
    ) async throws {
        let module = CalculationModule(threads: threads)
        try await withServer(modules: [module], databases: [], limits: limits) { server in
            try await body(server, module)
        }
    }

    private func send(_ server: TestServer, _ path: String, of user: User.ID) async throws
        -> TestClient.Answer
    {
        try await server.send("GET", path, token: try await server.token(for: user))
    }

    #if os(Linux)
        /// So that a request which is answered in a millisecond does not wait for its share of a core.
        @Test func calculationsGoAfterRequests() async throws {
            let own = getpriority(Int32(PRIO_PROCESS.rawValue), 0)
            let priority = try await HeavyWork(threads: 1).withTurn(for: User.ID(UUID())) { turn in
                try await turn.run { _ in getpriority(Int32(PRIO_PROCESS.rawValue), 0) }
            }
            #expect(priority == max(own, 10))
            #expect(getpriority(Int32(PRIO_PROCESS.rawValue), 0) == own)
        }
    #endif

    @Test func whileAllThreadsCalculateTheServiceAnswers() async throws {
        try await serve(threads: 2) { server, module in
            // More than there are threads that serve requests.
            let users = (0...System.coreCount + 1).map { _ in User.ID(UUID()) }
            try await withThrowingTaskGroup(of: Int.self) { group in
                for user in users {
                    group.addTask { try await send(server, "/v1/blocked", of: user).status }
                }
                await module.started.next()
                await module.started.next()
                for _ in 0..<3 { #expect(try await server.send("GET", "/healthz").status == 200) }
                #expect(try await send(server, "/v1/short", of: users[0]).status == 200)
                for _ in users { module.gate.signal() }
                for try await status in group { #expect(status == 200) }
            }
        }
    }

    @Test func tooManyOfOneUserAreRefused() async throws {
        try await serve { server, module in
            let user = User.ID(UUID())
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<HeavyWork.maximumPerUser {
                    group.addTask { try await send(server, "/v1/blocked", of: user).status }
                }
                await module.started.next()
                while module.heavyWork.waitingCount < HeavyWork.maximumPerUser - 1 { await Task.yield() }
                let refused = try await send(server, "/v1/blocked", of: user)
                #expect(refused.status == 429)
                #expect(refused.json["type"] == .string("urn:grove:problem:too-many-calculations"))
                #expect(refused.headers["retry-after"] == "5")
                for _ in 0..<HeavyWork.maximumPerUser { module.gate.signal() }
                for try await status in group { #expect(status == 200) }
            }
        }
    }

    @Test func aCalculationEndsWhenItsClientHasGone() async throws {
        try await serve { server, module in
            let port = try #require(URL(string: server.url)?.port)
            let token = try await server.token(for: User.ID(UUID()))
            var connection: RawConnection? = try RawConnection(port: port)
            try connection?.send(
                "GET /v1/endless HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer \(token)\r\n\r\n")
            await module.started.next()
            connection = nil
            await module.ended.next()
            // The thread is free again.
            module.gate.signal()
            #expect(try await send(server, "/v1/blocked", of: User.ID(UUID())).status == 200)
        }
    }

    @Test func aCalculationThatWaitsEndsWhenItsClientHasGone() async throws {
        try await serve { server, module in
            let port = try #require(URL(string: server.url)?.port)
            async let blocking = send(server, "/v1/blocked", of: User.ID(UUID()))
            await module.started.next()
            let token = try await server.token(for: User.ID(UUID()))
            var connection: RawConnection? = try RawConnection(port: port)
            try connection?.send(
                "GET /v1/endless HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer \(token)\r\n\r\n")
            while module.heavyWork.waitingCount == 0 { await Task.yield() }
            connection = nil
            while module.heavyWork.waitingCount > 0 { await Task.yield() }
            module.gate.signal()
            #expect(try await blocking.status == 200)
        }
    }

    @Test func aCalculationEndsWhenItsTimeIsOver() async throws {
        var limits = ServiceLimits()
        limits.requestBurst = 0
        limits.requestSeconds = 1
        try await serve(limits: limits) { server, module in
            await withThrowingTaskGroup(of: Void.self) { group in
                // On a busy machine the time may be over before a calculation begins, and then none ends.
                group.addTask {
                    while !Task.isCancelled {
                        let answer = try await send(server, "/v1/endless", of: User.ID(UUID()))
                        #expect(answer.json["type"] == .string("urn:grove:problem:timeout"))
                    }
                }
                await module.ended.next()
                group.cancelAll()
            }
        }
    }

    /// A request to `/v1/uploads` up to its body.
    private func head(_ server: TestServer, _ user: User.ID, bytes: Int) async throws -> String {
        """
        POST /v1/uploads HTTP/1.1\r
        Host: test\r
        Authorization: Bearer \(try await server.token(for: user))\r
        Content-Type: text/csv\r
        Content-Length: \(bytes)\r
        \r

        """
    }

    @Test func aSlowUploadHoldsItsOwnUsersTurnAndNoThread() async throws {
        try await serve { server, module in
            let port = try #require(URL(string: server.url)?.port)
            let user = User.ID(UUID())
            let head = try await head(server, user, bytes: 4)
            let uploads = try (0..<HeavyWork.maximumPerUser).map { _ in try RawConnection(port: port) }
            for upload in uploads { try upload.send(head) }
            while module.heavyWork.waitingCount < uploads.count - 1 { await Task.yield() }
            #expect(module.heavyWork.turnCount == 1)
            // One too many is refused before its body; that is passed over when it comes, and the connection serves on.
            let refused = try RawConnection(port: port)
            try refused.send(head)
            #expect(try await onThread { try refused.answer() }.status == 429)
            try refused.send("late")
            try refused.send("GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n")
            #expect(try await onThread { try refused.answer() }.status == 200)
            // The one thread is free for others.
            module.gate.signal()
            #expect(try await send(server, "/v1/blocked", of: User.ID(UUID())).status == 200)
            // Each turn begins with the end of the one before, whichever came first.
            for upload in uploads { try upload.send("body") }
            for upload in uploads {
                let answer = try await onThread { try upload.answer() }
                #expect(answer.status == 200 && answer.body.contains("4"))
            }
            while module.heavyWork.turnCount > 0 { await Task.yield() }
        }
    }

    @Test func aTurnThatWaitsForABodyEndsWithItsConnection() async throws {
        try await serve { server, module in
            let port = try #require(URL(string: server.url)?.port)
            let head = try await head(server, User.ID(UUID()), bytes: 4)
            var connection: RawConnection? = try RawConnection(port: port)
            try connection?.send(head + "bo")
            while module.heavyWork.turnCount == 0 { await Task.yield() }
            connection = nil
            while module.heavyWork.turnCount > 0 { await Task.yield() }
        }
    }

    @Test func aTurnIsHeldUntilItsAnswerIsRead() async throws {
        try await serve { server, module in
            let port = try #require(URL(string: server.url)?.port)
            let user = User.ID(UUID())
            let token = try await server.token(for: user)
            let request =
                "GET /v1/long-answer HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer \(token)\r\n\r\n"
            let slow = try RawConnection(port: port)
            try slow.send(request)
            while module.heavyWork.turnCount == 0 { await Task.yield() }
            async let next = send(server, "/v1/blocked", of: user)
            while module.heavyWork.waitingCount == 0 { await Task.yield() }
            #expect(try await onThread { try slow.answer() }.body.utf8.count == CalculationModule.answerBytes)
            module.gate.signal()
            #expect(try await next.status == 200)
            // An answer that is not written to its end lets go of the turn, and so does one without a body.
            var leaving: RawConnection? = try RawConnection(port: port)
            try leaving?.send(request)
            while module.heavyWork.turnCount == 0 { await Task.yield() }
            leaving = nil
            while module.heavyWork.turnCount > 0 { await Task.yield() }
            #expect(try await server.send("HEAD", "/v1/long-answer", token: token).status == 200)
            while module.heavyWork.turnCount > 0 { await Task.yield() }
        }
    }

    @Test func aClientThatEndedItsSideBeforeTheCallIsGone() async throws {
        try await serve { server, module in
            let port = try #require(URL(string: server.url)?.port)
            let token = try await server.token(for: User.ID(UUID()))
            let connection = try RawConnection(port: port)
            try connection.send(
                "GET /v1/late HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer \(token)\r\n\r\n")
            await module.started.next()
            connection.endSending()
            let answer = try await onThread { try connection.answer() }
            #expect(answer.status == 400 && answer.body.contains("ended its side"), "\(answer)")
        }
    }

    @Test func whatACalculationNeedsIsLoadedWhenThereIsAThread() async throws {
        let (heavyWork, gate) = (HeavyWork(threads: 1), DispatchSemaphore(value: 0))
        let (started, loaded) = (Signal(), Signal())
        let blocking = Task {
            try await heavyWork.withTurn(for: User.ID(UUID())) { turn in
                try await turn.run { _ in
                    started.send()
                    gate.wait()
                }
            }
        }
        await started.next()
        let waiting = Task {
            try await heavyWork.withTurn(for: User.ID(UUID())) { turn in
                try await turn.run(isLong: true) {
                    loaded.send()
                    return 6
                } _: { input, _ in
                    input * 7
                }
            }
        }
        while heavyWork.waitingCount == 0 { await Task.yield() }
        #expect(!loaded.hasHappened)
        gate.signal()
        try await blocking.value
        #expect(try await waiting.value == 42)
        #expect(loaded.hasHappened)
    }

    @Test func theConnectionServesTheNextRequest() async throws {
        try await serve { server, module in
            let port = try #require(URL(string: server.url)?.port)
            let token = try await server.token(for: User.ID(UUID()))
            let statuses = try await onThread {
                let connection = try RawConnection(port: port)
                return try (0..<3).map { _ in
                    module.gate.signal()
                    try connection.send(
                        "GET /v1/blocked HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer \(token)\r\n\r\n")
                    return try connection.answer().status
                }
            }
            #expect(statuses == [200, 200, 200])
        }
    }
}

/// Calculations that end when they are told to.
private final class CalculationModule: ServiceModule {
    let name = "calculations"
    let openAPI = "{}"
    let heavyWork: HeavyWork
    let gate = DispatchSemaphore(value: 0)
    let started = Signal()
    let ended = Signal()
    /// More than the sockets between a client and the service take.
    static let answerBytes = 64_000_000

    init(threads: Int) { heavyWork = HeavyWork(threads: threads) }

    var backgroundServices: [any Service] { [] }

    func addRoutes(to router: ServiceRouter) {
        router.get("/v1/blocked") { [self] _, context in
            let user = try context.user().userID
            return try await context.whileConnected { [self] in
                try await heavyWork.withTurn(for: user) { [self] turn in
                    try await turn.run { [self] _ in
                        started.send()
                        gate.wait()
                    }
                }
                return Response(status: .ok)
            }
        }
        router.post("/v1/uploads") { [self] request, context in
            let user = try context.user().userID
            return try await context.whileConnected { [self] in
                try await heavyWork.withTurn(for: user) { turn in
                    try await turn.begin()
                    let bytes = try await request.bytes(context, contentTypes: ["text/csv"])
                    return try await turn.run { _ in try Response.json(["bytes": bytes.readableBytes]) }
                }
            }
        }
        router.get("/v1/long-answer") { [self] _, context in
            try await heavyWork.withTurn(for: try context.user().userID) { turn in
                try await turn.begin()
                let bytes = ByteBuffer(repeating: UInt8(ascii: "a"), count: Self.answerBytes)
                return turn.held(until: Response(status: .ok, body: .init(byteBuffer: bytes)), to: context)
            }
        }
        router.get("/v1/late") { [self] _, context -> Response in
            let (user, channel) = (try context.user().userID, context.channel)
            started.send()
            while try await !channel.eventLoop.submit({
                try channel.pipeline.syncOperations.handler(type: ConnectionHandler.self).hasInputEnded
            }).get() {
                await Task.yield()
            }
            return try await context.whileConnected { [self] in
                try await heavyWork.withTurn(for: user) { turn in
                    try await turn.run { cancellation in while true { try cancellation.check() } }
                }
            }
        }
        router.get("/v1/short") { [self] _, context in
            let text = try await heavyWork.withTurn(for: try context.user().userID) { turn in
                try await turn.run(isLong: false) { _ in "short" }
            }
            return try Response.json(["text": text])
        }
        router.get("/v1/endless") { [self] _, context -> Response in
            let user = try context.user().userID
            return try await context.whileConnected { [self] in
                try await heavyWork.withTurn(for: user) { [self] turn in
                    try await turn.run { [self] cancellation in
                        defer { ended.send() }
                        started.send()
                        while true { try cancellation.check() }
                    }
                }
            }
        }
    }
}

/// Something that happens several times, and can be waited for as often.
private final class Signal: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    private let happened = Atomic(false)

    init() { (stream, continuation) = AsyncStream.makeStream() }

    var hasHappened: Bool { happened.load(ordering: .relaxed) }

    func send() {
        happened.store(true, ordering: .relaxed)
        continuation.yield()
    }

    func next() async { for await _ in stream { return } }
}
