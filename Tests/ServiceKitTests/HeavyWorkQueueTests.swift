import ExactTypes
import Foundation
import HTTPTypes
import SharedTypes
import Testing

@testable import ServiceKit

@Suite struct HeavyWorkQueueTests {
    private let users = (0..<20).map { _ in User.ID(UUID()) }

    /// "runs", "waits", or the slug of the problem.
    private func admit(_ queue: inout HeavyWorkQueue, _ id: Int, _ user: Int) -> String {
        switch queue.admit(id, of: users[user]) {
        case .runs: "runs"
        case .waits: "waits"
        case .refused(let problem): problem.slug
        }
    }

    @Test func oneOfAUserRunsAtATimeThoughThreadsAreFree() {
        var queue = HeavyWorkQueue(maximumRunning: 2)
        #expect(admit(&queue, 1, 0) == "runs")
        #expect(admit(&queue, 2, 0) == "waits")
        #expect(admit(&queue, 3, 1) == "runs")
        #expect(admit(&queue, 4, 2) == "waits")
        // The second of the first user came before, but their first still runs.
        #expect(queue.end(users[1]) == [4])
        #expect(queue.end(users[0]) == [2])
        #expect(queue.end(users[0]) == [])
    }

    @Test func aUserHasFewPlaces() {
        var queue = HeavyWorkQueue(maximumRunning: 2)
        #expect(
            (1...5).map { admit(&queue, $0, 0) } == [
                "runs", "waits", "waits", "waits", "too-many-calculations",
            ])
        #expect(admit(&queue, 6, 1) == "runs")
        #expect(queue.end(users[0]) == [2])
        #expect(admit(&queue, 7, 0) == "waits")
    }

    @Test func allTogetherHaveFewPlaces() {
        var queue = HeavyWorkQueue(maximumRunning: 1)
        #expect(admit(&queue, 0, 0) == "runs")
        #expect((1...8).allSatisfy { admit(&queue, $0, $0) == "waits" })
        #expect(admit(&queue, 9, 9) == "busy")
        // Who gives up leaves the place to another, and is not called.
        queue.remove(1)
        #expect(admit(&queue, 10, 10) == "waits")
        #expect(queue.end(users[0]) == [2])
    }

    @Test func refusalsSayWhenToTryAgain() {
        for problem in [Problem.busy, .tooManyCalculations] { #expect(problem.headers[.retryAfter] == "5") }
        #expect(Problem.busy.status == .serviceUnavailable)
        #expect(Problem.tooManyCalculations.status == .tooManyRequests)
    }
}
