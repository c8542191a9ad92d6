import Hummingbird
import Synchronization

/// Cancels work that passes its deadline. One task looks at all that is under way: a timer for each request would cost more
/// than a short request itself.
final class DeadlineWatch: Sendable {
    private struct State {
        var works: [UInt64: (deadline: RequestDeadline, work: Task<Response, any Error>)] = [:]
        var lastID: UInt64 = 0
        var isLooking = false
    }

    // The lock is held for one change of the state, never across a suspension and never while a task is cancelled.
    private let state = Mutex(State())

    /// How late a deadline may strike.
    private static let resolution = Duration.milliseconds(50)
    /// How often nothing may be under way, one look after the other, until none is looked for any more.
    private static let idleLooks = 100

    /// Cancels the work once its deadline has passed, unless ``end(_:)`` comes first.
    func begin(_ work: Task<Response, any Error>, until deadline: RequestDeadline) -> UInt64 {
        let (id, isFirst) = state.withLock { state in
            state.lastID += 1
            state.works[state.lastID] = (deadline, work)
            defer { state.isLooking = true }
            return (state.lastID, !state.isLooking)
        }
        if isFirst { startLooking() }
        return id
    }

    func end(_ id: UInt64) { state.withLock { _ = $0.works.removeValue(forKey: id) } }

    private func startLooking() {
        Task { [weak self] in
            var idleLooks = 0
            while true {
                try? await Task.sleep(for: Self.resolution)
                guard let self else { return }
                idleLooks = self.look() ? 0 : idleLooks + 1
                if idleLooks >= Self.idleLooks, self.stopLooking() { return }
            }
        }
    }

    /// - Returns: whether anything is under way.
    private func look() -> Bool {
        let (late, isBusy) = state.withLock { state in
            let late = state.works.filter { $0.value.deadline.isPast }
            for id in late.keys { state.works[id] = nil }
            return (late.values.map(\.work), !state.works.isEmpty)
        }
        for work in late { work.cancel() }
        return isBusy || !late.isEmpty
    }

    private func stopLooking() -> Bool {
        state.withLock { state in
            guard state.works.isEmpty else { return false }
            state.isLooking = false
            return true
        }
    }
}
