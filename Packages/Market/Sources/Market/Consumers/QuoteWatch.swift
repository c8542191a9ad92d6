import DatabaseClient
import ExactTypes
import Foundation
import Logging
import PeriodicWork
import ServiceKit
import SharedTypes
import Synchronization

/// Looks for new quotes, for all event streams of the process at once: one statement whenever a quote was committed of an
/// instrument that a stream waits for, and none while none does.
final class QuoteWatch: Sendable {
    /// As `announceQuotes` names it.
    private static let channel = "grove_quotes"

    let listeners = StreamListeners<Instrument.ID>(limitOfAUser: 5)
    private let database: Database
    private let time: PeriodicTime
    private let logger: Logger
    /// The moments of the quotes when it last looked.
    private let known = Mutex<[Instrument.ID: Date]>([:])

    init(database: Database, time: PeriodicTime = PeriodicTime(), logger: Logger) {
        self.database = database
        self.time = time
        self.logger = logger
    }

    /// Looks until the service shuts down: when a quote was committed that a stream waits for, and every few seconds for what
    /// a lost connection kept from being announced.
    var service: PeriodicService {
        PeriodicService(
            "market.quote_watch", every: .seconds(5), longestPause: .seconds(5), time: time, logger: logger,
            wakingIt: { await self.wake($0) }
        ) {
            try await self.look()
            return .done
        }
    }

    private func wake(_ wakeup: Wakeup) async {
        for await event in database.notifications(channel: Self.channel) {
            switch event {
            case .reconnected: wakeup.signal()
            case .notification(let ids):
                let isAwaited = ids.split(separator: ",").contains { id in
                    Instrument.ID(String(id)).map(listeners.hasListeners) ?? false
                }
                if isAwaited { wakeup.signal() }
            }
        }
    }

    private func look() async throws {
        let awaited = listeners.topics
        guard !awaited.isEmpty else { return known.withLock { $0 = [:] } }
        let rows = try await database.listQuotes(instrumentIDs: awaited)
        let changed = known.withLock { known in
            let changed = rows.filter { known[$0.instrumentID] != $0.quotedAt }.map(\.instrumentID)
            known = Dictionary(rows.map { ($0.instrumentID, $0.quotedAt) }) { first, _ in first }
            return changed
        }
        listeners.wake(changed)
    }
}
