import Foundation
import GroveTesting
import Logging
import Synchronization
import Testing

@testable import ServiceKit

@Suite struct DrainTests {
    private final class Tally: Sendable {
        struct Counts {
            var succeeded = 0
            var refused = 0
            var failures: [String] = []
        }

        let counts = Mutex(Counts())
    }

    /// Sends requests one after another until the server admits no more connections. It keeps a connection
    /// for as long as the server does, and takes a new one after `Connection: close`, as clients do.
    private static func load(port: Int, path: String, tally: Tally) {
        var connection: RawConnection?
        var answers = 0
        while true {
            do {
                let open = try connection ?? RawConnection(port: port)
                if connection == nil { answers = 0 }
                connection = open
                try open.send("GET \(path) HTTP/1.1\r\nHost: test\r\n\r\n")
                let answer = try open.answer()
                answers += 1
                tally.counts.withLock {
                    if answer.status == 200 { $0.succeeded += 1 } else { $0.failures.append(answer.head) }
                }
                if answer.head.lowercased().contains("connection: close") { connection = nil }
            } catch RawConnection.Failure.refused {
                tally.counts.withLock { $0.refused += 1 }
                return
            } catch {
                tally.counts.withLock { $0.failures.append("\(error) after \(answers) answers") }
                return
            }
        }
    }

    @Test(arguments: ["/v1/slow", "/v1/things"])
    func noAcceptedRequestFails(path: String) async throws {
        var configuration = ServiceConfiguration.forTests
        configuration.drainDelaySeconds = 1
        configuration.limits.requestBurst = 0
        let application = ServiceApplication(
            name: "probe", configuration: configuration, modules: [ProbeModule()], databases: [],
            verifier: TestKeys().verifier(), logger: Logger(label: "test"))
        let tally = Tally()
        try await application.serve { port in try await Self.startLoad(port, path, tally) }
        while tally.counts.withLock({ $0.refused + $0.failures.count }) < 32 {
            try await Task.sleep(for: .milliseconds(5))
        }
        let counts = tally.counts.withLock { $0 }
        #expect(counts.failures == [])
        #expect(counts.refused == 32)
        #expect(counts.succeeded >= 320)
    }

    private static func startLoad(_ port: Int, _ path: String, _ tally: Tally) async throws {
        for _ in 0..<32 { Thread { load(port: port, path: path, tally: tally) }.start() }
        while tally.counts.withLock({ $0.succeeded }) < 320 { try await Task.sleep(for: .milliseconds(5)) }
    }
}
