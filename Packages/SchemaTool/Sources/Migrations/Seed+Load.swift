import DatabaseClient
import Synchronization

extension Seed {
    /// Makes the users of the load, a batch a transaction, on several connections. A batch leaves out the
    /// users that are there, and one that failed leaves nothing. Gives as well whether foreign keys are yet
    /// to be looked up.
    func load() async throws -> (steps: [Step], isPostponed: Bool) {
        let batches = LoadBatches(users: options.users, size: options.batch)
        let isPostponed = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<min(options.jobs, batches.count) {
                group.addTask { try await work(on: batches) }
            }
            return try await group.reduce(true) { $0 && $1 }
        }
        return (batches.steps, isPostponed)
    }

    /// Makes batches until none is left; gives whether the look-up of foreign keys was put off.
    private func work(on batches: LoadBatches) async throws -> Bool {
        let session = try await openSession()
        return try await session.closing {
            let isPostponed = try await postponeKeys(session)
            while let (number, users) = batches.next() {
                let step = try await load(users, session)
                let (rows, rate) = batches.finish(number, step)
                progress(
                    "[\(number + 1)/\(batches.count)] \(step.name): \(step.rows) rows; \(rows) in all, "
                        + "\(rate) rows/s")
            }
            return isPostponed
        }
    }

    private func load(_ users: ClosedRange<Int>, _ session: Session) async throws -> Step {
        let started = ContinuousClock.now
        _ = try await session.text(
            """
            SELECT set_config('seed.first', '\(users.lowerBound)', false)
                || set_config('seed.last', '\(users.upperBound)', false)
            """)
        let rows = try await counting(session) {
            for file in folder.load {
                try await naming(file) { try await session.connection.script(file.text) }
            }
        }
        return Step(
            name: "users \(users.lowerBound) to \(users.upperBound)", rows: rows,
            milliseconds: milliseconds(since: started), wasDone: rows == 0)
    }
}

/// What the connections of a load share: which batch is next, and what came of those before.
private final class LoadBatches: Sendable {
    let count: Int
    private let users: Int
    private let size: Int
    private let started = ContinuousClock.now
    private let state = Mutex((next: 0, steps: [Int: Seed.Step]()))

    init(users: Int, size: Int) {
        (self.users, self.size) = (users, size)
        count = (users + size - 1) / size
    }

    /// In the order of the users, whoever made them.
    var steps: [Seed.Step] { state.withLock { $0.steps.sorted { $0.key < $1.key }.map(\.value) } }

    func next() -> (number: Int, users: ClosedRange<Int>)? {
        state.withLock { state in
            guard state.next < count else { return nil }
            defer { state.next += 1 }
            return (state.next, state.next * size + 1...min((state.next + 1) * size, users))
        }
    }

    /// Gives the rows of all batches so far, and how many a second that is.
    func finish(_ number: Int, _ step: Seed.Step) -> (rows: Int, rate: Int) {
        state.withLock { state in
            state.steps[number] = step
            let rows = state.steps.values.reduce(0) { $0 + $1.rows }
            return (rows, rows * 1000 / max(1, milliseconds(since: started)))
        }
    }
}
