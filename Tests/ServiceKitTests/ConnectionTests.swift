import Foundation
import GroveTesting
import Logging
import Synchronization
import Testing

@testable import ServiceKit

/// Clients that hold on to connections, over real sockets.
@Suite(.timeLimit(.minutes(2))) struct ConnectionTests {
    private func serve(
        _ change: (inout ServiceConfiguration) -> Void = { _ in },
        _ body: @escaping @Sendable (ProbeModule, Int) async throws -> Void
    ) async throws {
        var configuration = ServiceConfiguration.forTests
        configuration.limits.requestBurst = 0
        change(&configuration)
        let module = ProbeModule()
        let application = ServiceApplication(
            name: "probe", configuration: configuration, modules: [module], databases: [],
            verifier: TestKeys().verifier(), logger: Logger(label: "test"))
        try await application.serve { port in try await body(module, port) }
    }

    private static func get(_ path: String, _ connection: RawConnection) throws -> Int {
        try connection.send("GET \(path) HTTP/1.1\r\nHost: test\r\n\r\n")
        return try connection.answer().status
    }

    @Test func idleConnectionsGiveWayToANewOne() async throws {
        try await serve({ $0.limits.maximumConnections = 8 }) { module, port in
            try await onThread {
                let busy = try RawConnection(port: port)
                try busy.send("GET /v1/patient HTTP/1.1\r\nHost: test\r\n\r\n")
                // Until its request is read, it is as idle as the others.
                while module.streams.counts.withLock({ $0.begun }) == 0 { usleep(10_000) }
                var idle: [RawConnection] = []
                for _ in 0..<30 { idle.append(try RawConnection(port: port)) }
                // Connections are admitted by several threads, so that the newest may pass for the oldest once.
                while (try? Self.get("/healthz", RawConnection(port: port))) != 200 {}
                #expect((try? idle[0].isClosed()) != false, "neither ended nor reset")
                // A request that is under way is not interrupted.
                #expect(try busy.answer().status == 204)
            }
        }
    }

    /// Connections with an answer that does not end under way.
    private static func busy(_ count: Int, _ module: ProbeModule, _ port: Int) throws -> [RawConnection] {
        let busy = try (0..<count).map { _ in
            let connection = try RawConnection(port: port)
            try connection.send("GET /v1/stream HTTP/1.1\r\nHost: test\r\n\r\n")
            return connection
        }
        while module.streams.counts.withLock({ $0.begun }) < count { usleep(10_000) }
        return busy
    }

    @Test func anAddressHasSoManyConnections() async throws {
        try await serve({ $0.limits.maximumConnectionsPerAddress = 3 }) { module, port in
            try await onThread {
                var open = try Self.busy(3, module, port)
                #expect(try RawConnection(port: port).isClosed())
                open.removeFirst()
                // The server sees the end of the one in its own time.
                while (try? Self.get("/healthz", RawConnection(port: port))) != 200 {}
            }
        }
    }

    @Test func anAddressesIdleConnectionGivesWayToItsNextOne() async throws {
        try await serve({ $0.limits.maximumConnectionsPerAddress = 3 }) { module, port in
            try await onThread {
                let busy = try Self.busy(2, module, port)
                let idle = try RawConnection(port: port)
                #expect(try Self.get("/healthz", idle) == 200)
                for _ in 0..<5 { #expect(try Self.get("/healthz", RawConnection(port: port)) == 200) }
                #expect((try? idle.isClosed()) != false, "neither ended nor reset")
                withExtendedLifetime(busy) {}
            }
        }
    }

    @Test func behindAProxyTheAddressIsNotCounted() async throws {
        try await serve({
            $0.limits.maximumConnectionsPerAddress = 1; $0.limits.trustedProxies = 1
        }) { _, port in
            try await onThread {
                let first = try RawConnection(port: port)
                #expect(try Self.get("/healthz", first) == 200)
                #expect(try Self.get("/healthz", RawConnection(port: port)) == 200)
                #expect(try Self.get("/healthz", first) == 200)
            }
        }
    }

    /// Whether the endless answers have all been broken off is what the module counts.
    private static func waitForTheEnd(of module: ProbeModule) async throws {
        while module.streams.counts.withLock({ $0.ended }) == 0 {
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    @Test func aClientThatDoesNotReadIsCutOff() async throws {
        try await serve({ $0.limits.writeSeconds = 1 }) { module, port in
            let connection = try RawConnection(port: port)
            try connection.send("GET /v1/stream HTTP/1.1\r\nHost: test\r\n\r\n")
            try await Self.waitForTheEnd(of: module)
            withExtendedLifetime(connection) {}
        }
    }

    /// The answer is long since given; only its request goes on, a byte at a time.
    @Test(arguments: ["GET /v1/things", "POST /v1/nowhere", "POST /v1/things"])
    func aBodyThatDripsAfterItsAnswerIsCutOff(_ request: String) async throws {
        try await serve({ $0.limits.requestSeconds = 1 }) { _, port in
            let dripped = try await onThread {
                let connection = try RawConnection(port: port)
                try connection.send("\(request) HTTP/1.1\r\nHost: test\r\nContent-Length: 100000\r\n\r\n")
                #expect(try connection.answer().status != 0)
                var sent = 0
                while sent < 100_000, (try? connection.send("x")) != nil {
                    sent += 1
                    usleep(10_000)
                }
                return sent
            }
            #expect(dripped < 100_000)
        }
    }

    /// The end throws where it must cut what still runs after DRAIN_SECONDS.
    @Test(arguments: [
        "GET /v1/stream HTTP/1.1\r\nHost: test\r\n\r\n",
        "POST /v1/things HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{",
    ])
    func suchClientsDoNotDelayTheEnd(_ request: String) async throws {
        // It outlives the server.
        let kept = Kept()
        try await serve({
            $0.limits.requestSeconds = 3_600; $0.limits.writeSeconds = 3_600; $0.limits.idleSeconds = 3_600
        }) { module, port in
            let connection = try RawConnection(port: port)
            try connection.send(request)
            await kept.keep(connection)
            while request.contains("stream"), module.streams.counts.withLock({ $0.begun }) == 0 {
                try await Task.sleep(for: .milliseconds(10))
            }
            // Another request is answered, so that the first is read by then. Two of these tests, waiting on the pool's
            // threads, would be all that two cores have, and the server would get none.
            let status = try await onThread { try Self.get("/healthz", RawConnection(port: port)) }
            #expect(status == 200)
        }
    }
}

private actor Kept {
    private var connection: RawConnection?

    func keep(_ connection: sending RawConnection) { self.connection = connection }
}
