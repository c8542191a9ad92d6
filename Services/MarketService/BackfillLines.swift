import Market
import Synchronization

/// Writes how far a backfill is, a line a page.
final class BackfillLines: Sendable {
    private let count = Mutex(0)

    /// Rows so far.
    var rows: Int { count.withLock { $0 } }

    func report(_ progress: FeedProgress) {
        let rows = count.withLock { count in
            count += progress.rows
            return count
        }
        writeToStandardError("\(rows) rows, through \(progress.through)")
    }
}
