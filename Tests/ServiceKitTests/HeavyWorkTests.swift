import Dispatch
import ExactTypes
import Foundation
import GroveTesting
import Hummingbird
import NIOCore
import ServiceLifecycle
import SharedTypes
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
            let answer = try await send(server, "/v1/endless", of: User.ID(UUID()))
            #expect(answer.json["type"] == .string("urn:grove:problem:timeout"))
            await module.ended.next()
        }
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

    init(threads: Int) { heavyWork = HeavyWork(threads: threads) }

    var backgroundServices: [any Service] { [] }

    func addRoutes(to router: ServiceRouter) {
        router.get("/v1/blocked") { [self] _, context in
            let user = try context.user().userID
            return try await context.whileConnected { [self] in
                try await heavyWork.run(for: user) { [self] _ in
                    started.send()
                    gate.wait()
                }
                return Response(status: .ok)
            }
        }
        router.get("/v1/short") { [self] _, context in
            let text = try await heavyWork.run(for: try context.user().userID, isLong: false) { _ in "short" }
            return try Response.json(["text": text])
        }
        router.get("/v1/endless") { [self] _, context -> Response in
            let user = try context.user().userID
            return try await context.whileConnected { [self] in
                try await heavyWork.run(for: user) { [self] cancellation in
                    defer { ended.send() }
                    started.send()
                    while true { try cancellation.check() }
                }
            }
        }
    }
}

/// Something that happens several times, and can be waited for as often.
private final class Signal: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func send() { continuation.yield() }

    func next() async { for await _ in stream { return } }
}
