import Foundation
import GroveTesting
import NIOPosix
import SharedTypes
import Testing

@testable import Notifications

/// A name that we could not look up is our fault and not the endpoint's.
@Suite struct HostLookupTests {
    @Test func noFreeThreadCountsAgainstNoEndpoint() async throws {
        let server = try await WebhookServer.start()
        let threads = NIOThreadPool(numberOfThreads: 1)
        threads.start()
        let gate = DispatchSemaphore(value: 0)
        threads.submit { _ in gate.wait() }
        try await SendingTest.with { world in
            let user = try await world.addUser()
            try await world.prefer(user, .gamification, .email, isEnabled: false)
            _ = try await world.addEndpoint(user, server.url("/hook"))
            try await world.reach(3, user)
            // One failure that counted would switch the endpoint off.
            let settings = DeliverySettings(
                pollInterval: .milliseconds(50), retrySeconds: [60, 300], deadEndpointFailures: 1,
                deadEndpointSeconds: 0)
            let process = try world.process(
                webhooks: server.settings(timeoutSeconds: 1), settings: settings,
                lookup: HostLookup(threads: threads))
            try await process.sender.sendDue()
            let waiting = try await world.deliveries(user, .webhook)
            #expect(
                waiting == [
                    .init(
                        status: "pending", attempts: 1, nextAttemptAt: world.clock.now + 60,
                        error: "the host could not be looked up in time")
                ])
            let endpoint = try #require(try await world.endpoints(user).first)
            #expect(endpoint.consecutiveFailures == 0)
            #expect(endpoint.retryAt == nil && endpoint.disabledAt == nil)
            gate.signal()
            world.clock.advance(60)
            try await process.sender.sendDue()
            #expect(try await world.statuses(user, .webhook) == ["sent"])
            #expect(server.received.count == 1)
        }
        try await threads.shutdownGracefully()
    }
}
