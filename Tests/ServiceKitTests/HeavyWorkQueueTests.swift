import ContractKit
import ExactTypes
import Foundation
import HTTPTypes
import SharedTypes
import Testing

@testable import ServiceKit

@Suite struct HeavyWorkQueueTests {
    private let users = (0..<20).map { _ in User.ID(UUID()) }

    /// "begins", "waits", or the slug of the problem.
    private func take(_ queue: inout HeavyWorkQueue, _ id: Int, _ user: Int) -> String {
        switch queue.takeTurn(id, of: users[user]) {
        case .begins: "begins"
        case .waits: "waits"
        case .refused(let problem): problem.slug
        }
    }

    @Test func aUserHasOneTurnAtATimeAndFewWait() {
        var queue = HeavyWorkQueue(threads: 2)
        #expect(
            (1...5).map { take(&queue, $0, 0) } == [
                "begins", "waits", "waits", "waits", "too-many-calculations",
            ])
        #expect(take(&queue, 6, 1) == "begins")
        #expect(queue.turnCount == 2)
        // Who gives up a wait gives nobody a turn, and leaves the place to another.
        #expect(queue.endTurn(2, of: users[0]) == nil)
        #expect(take(&queue, 7, 0) == "waits")
        #expect(queue.endTurn(1, of: users[0]) == 3)
        #expect(queue.endTurn(1, of: users[0]) == nil)
        #expect(queue.endTurn(3, of: users[0]) == 4)
        #expect(queue.endTurn(4, of: users[0]) == 7)
        #expect(queue.endTurn(7, of: users[0]) == nil)
        #expect(queue.turnCount == 1)
    }

    @Test func soManyUsersHaveATurnAndNoMore() {
        var queue = HeavyWorkQueue(threads: 1)
        #expect((0..<8).allSatisfy { take(&queue, $0, $0) == "begins" })
        #expect(take(&queue, 8, 8) == "busy")
        // A wait costs nothing: one who has a turn may wait for the next.
        #expect(take(&queue, 9, 0) == "waits")
        #expect(queue.endTurn(0, of: users[0]) == 9)
        #expect(take(&queue, 10, 8) == "busy")
        #expect(queue.endTurn(9, of: users[0]) == nil)
        #expect(take(&queue, 11, 8) == "begins")
    }

    @Test func threadsAreGivenInTheOrderOfAsking() {
        var queue = HeavyWorkQueue(threads: 2)
        #expect((1...4).map { queue.takeThread($0) } == [true, true, false, false])
        queue.stopWaitingForThread(3)
        #expect(queue.endThread() == 4)
        #expect(queue.endThread() == nil)
        #expect(queue.endThread() == nil)
        #expect((5...7).map { queue.takeThread($0) } == [true, true, false])
    }

    @Test func refusalsSayWhenToTryAgain() {
        for problem in [Problem.busy, .tooManyCalculations] { #expect(problem.headers["retry-after"] == "5") }
        #expect(Problem.busy.status == 503)
        #expect(Problem.tooManyCalculations.status == 429)
    }
}
