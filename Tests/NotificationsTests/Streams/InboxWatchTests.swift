import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import PeriodicWork
import ServiceKit
import SharedTypes
import Testing

@testable import Notifications

/// Event streams are woken by the commit of a message, and nothing asks the database in between.
@Suite(.timeLimit(.minutes(1))) struct InboxWatchTests {
    @Test func aCommitWakesWhoListens() async throws {
        try await withNotifications { it in
            // No pause ends by itself.
            let never = PeriodicTime(sleep: { _ in try await Task.sleep(for: .seconds(86_400)) })
            let watch = InboxWatch(
                database: it.database, worker: it.test.database(role: "notifications_worker"), time: never,
                logger: .quiet)
            let running = Task { try await watch.service.run() }
            let listener = try watch.listen(for: it.ada.id)
            var wakeups = listener.wakeups.makeAsyncIterator()
            // It looks once when it has begun to listen, and after that at each commit.
            for level in 2...5 {
                try await it.tell(level: level)
                await wakeups.next()
            }
            running.cancel()
            _ = await running.result
        }
    }
}
