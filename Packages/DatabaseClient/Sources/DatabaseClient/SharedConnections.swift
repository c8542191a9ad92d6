import Logging
import Synchronization

/// The pipelined connections of one thread that single statements share, opened on demand and replaced when they break.
actor SharedConnections {
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    nonisolated let executor: EpollExecutor
    private let connect: @Sendable () async throws -> DatabaseConnection
    private let deadline: Duration
    private let observer: StatementObserver
    private let logger: Logger
    /// A statement that itself ends its session, by a fault of the server, must not end one after the other.
    private static let mostSendings = 5
    private static let refusal = "no connection is open"

    private enum Slot {
        case empty
        case opening(Task<Void, Never>)
        case open(DatabaseConnection)

        var isOpening: Bool { if case .opening = self { true } else { false } }
        var isOpen: Bool { if case .open = self { true } else { false } }
    }

    private var slots: [Slot]
    /// Whether a slot is open, for callers elsewhere to see without a visit. One that is lost just then refuses.
    private nonisolated let hasOpen = Atomic(false)
    private var next = 0
    /// What callers have handed over, and the database thread has not taken yet.
    private nonisolated let inbox = Mutex<[PendingRequest]>([])
    /// The room of the last batch, for the next.
    private var spare: [PendingRequest] = []
    /// Who waits until one of the connections is open.
    private var waiters: [UInt64: CheckedContinuation<Void, any Error>] = [:]
    private var nextWaiterID: UInt64 = 0
    private var isClosed = false

    init(
        on executor: EpollExecutor, count: Int, deadline: Duration, observer: StatementObserver,
        logger: Logger,
        connect: @escaping @Sendable () async throws -> DatabaseConnection
    ) {
        self.executor = executor
        slots = Array(repeating: .empty, count: count)
        self.connect = connect
        self.deadline = deadline
        self.observer = observer
        self.logger = logger
    }

    /// Runs the commands in one flight on one of the connections.
    ///
    /// The caller stays where it runs and suspends once: its request goes to the database thread as a value, and
    /// the answer comes back from there.
    /// - Parameters:
    ///   - statement: the last of the commands, by which logs, metrics and errors know them all.
    ///   - commits: whether the commands begin a transaction, which ends in the same piece.
    nonisolated(nonsending) func run(
        _ commands: [Command], of statement: Statement, access: Statement.Access, commits: Bool
    ) async throws -> [QueryResult] {
        var start = ContinuousClock.now
        let end = start.advanced(by: deadline)
        var sendings = 1
        while true {
            if !hasOpen.load(ordering: .relaxed) {
                try await untilOpen()
                start = .now
            }
            let span = observer.begin(statement.name, sql: statement.sql)
            do {
                let request = PendingRequest(
                    commands, of: statement.name, access: access, commits: commits, on: executor)
                let results = try await request.answer(handOver: handOver)
                observer.ended(statement.name, since: start, span, nil)
                return results
            } catch {
                observer.ended(statement.name, since: start, span, error)
                guard let error = error as? DatabaseError, .now < end else { throw error }
                if case .unavailable(Self.refusal) = error {
                    // It was not sent at all.
                } else if case .unavailable(let reason) = error, sendings < Self.mostSendings {
                    sendings += 1
                    // A read that was cut off, or a write that was never sent: the connection was lost between the
                    // choice of it and the use. (A write that was sent is `outcomeUnknown` and goes no further.)
                    observer.metrics?.retried(.unavailable)
                    logger.debug(
                        "a statement is sent again",
                        metadata: ["statement": "\(statement.name)", "reason": "\(reason)"])
                } else if error.wantsFreshPlans {
                    // The server refused before it ran anything: the table changed under the prepared statement. The
                    // connection has retired with that answer.
                    observer.metrics?.retried(.stalePlan)
                } else {
                    throw error
                }
            }
            start = .now
        }
    }

    private nonisolated func handOver(_ request: PendingRequest) {
        let isFirst = inbox.withLock { inbox in
            inbox.append(request)
            return inbox.count == 1
        }
        // What others hand over until the thread comes to it goes with it.
        if isFirst { executor.enqueue { self.assumeIsolated { $0.sendAll() } } }
    }

    /// Gives what was handed over to the connections in turn, and replaces those that were lost.
    private func sendAll() {
        var requests: [PendingRequest] = []
        swap(&requests, &spare)
        inbox.withLock { swap(&$0, &requests) }
        var connections: [DatabaseConnection] = []
        for index in slots.indices {
            switch slots[index] {
            case .open(let connection): connections.append(connection)
            case .empty where !isClosed: open(index)
            case .empty, .opening: break
            }
        }
        for (index, connection) in connections.enumerated() {
            let first = (index + next) % connections.count
            connection.assumeIsolated { [requests] connection in
                for index in stride(from: first, to: requests.count, by: connections.count) {
                    connection.send(requests[index])
                }
            }
        }
        if connections.isEmpty {
            let refusal = isClosed ? DatabaseError.poolClosed : .unavailable(Self.refusal)
            for request in requests where request.arrive() { request.finish(with: .failure(refusal)) }
        }
        next &+= requests.count
        requests.removeAll(keepingCapacity: true)
        spare = requests
    }

    /// Returns once a connection is there, and throws what all attempts to open one have met.
    private func untilOpen() async throws {
        let id = nextWaiterID
        nextWaiterID += 1
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (waiter: CheckedContinuation<Void, any Error>) in
                // Looked at and noted in one step: each await above lets others go first, and what happens there is
                // told to those only who have been noted.
                guard !isClosed else { return waiter.resume(throwing: DatabaseError.poolClosed) }
                guard !Task.isCancelled else { return waiter.resume(throwing: CancellationError()) }
                guard !hasOpen.load(ordering: .relaxed) else { return waiter.resume() }
                waiters[id] = waiter
                for slot in slots.indices { if case .empty = slots[slot] { open(slot) } }
            }
        } onCancel: {
            Task { await self.giveUp(id) }
        }
    }

    private func giveUp(_ id: UInt64) {
        waiters.removeValue(forKey: id)?.resume(throwing: CancellationError())
    }

    private func resumeWaiters(_ result: Result<Void, any Error>) {
        let waiting = waiters.values
        waiters = [:]
        for waiter in waiting { waiter.resume(with: result) }
    }

    func close() async {
        isClosed = true
        hasOpen.store(false, ordering: .relaxed)
        resumeWaiters(.failure(DatabaseError.poolClosed))
        let former = slots
        slots = slots.map { _ in .empty }
        for slot in former {
            switch slot {
            case .empty: break
            case .opening(let task):
                task.cancel()
                await task.value
            case .open(let connection): await connection.close()
            }
        }
    }

    private func open(_ slot: Int) {
        let task = Task {
            do {
                let connection = try await connectPatiently()
                guard !isClosed else { return await connection.close() }
                opened(connection, in: slot)
            } catch {
                guard !isClosed else { return }
                slots[slot] = .empty
                // While another is being opened there is hope.
                if !slots.contains(where: \.isOpening) { resumeWaiters(.failure(error)) }
            }
        }
        slots[slot] = .opening(task)
    }

    private func opened(_ connection: DatabaseConnection, in slot: Int) {
        slots[slot] = .open(connection)
        hasOpen.store(true, ordering: .relaxed)
        connection.assumeIsolated { connection in
            connection.whenUnusable { [weak self, weak connection] in
                self?.assumeIsolated { $0.lost(connection, in: slot) }
            }
        }
        resumeWaiters(.success(()))
    }

    /// The connection takes no new work. The next statement that would be its turn opens another.
    private func lost(_ connection: DatabaseConnection?, in slot: Int) {
        // Somebody else may have replaced it meanwhile.
        guard case .open(let current) = slots[slot], current === connection else { return }
        slots[slot] = .empty
        hasOpen.store(slots.contains(where: \.isOpen), ordering: .relaxed)
    }

    private func connectPatiently() async throws -> DatabaseConnection {
        let end = ContinuousClock.now.advanced(by: deadline)
        var pause = Duration.milliseconds(20)
        while true {
            do {
                return try await connect()
            } catch let error as DatabaseError where .now.advanced(by: pause) < end {
                logger.debug("connecting again", metadata: ["reason": "\(error)"])
                try await Task.sleep(for: pause)
                pause = min(pause * 2, .milliseconds(500))
            }
        }
    }
}
