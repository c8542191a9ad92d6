import Logging

/// The pipelined connections that single statements share, opened on demand and replaced when they break.
actor SharedConnections {
    nonisolated var unownedExecutor: UnownedSerialExecutor { EpollExecutor.shared.asUnownedSerialExecutor() }

    private let options: ConnectionOptions
    private let deadline: Duration
    private let slow: SlowStatements
    private let logger: Logger
    private var slots: [Task<DatabaseConnection, any Error>?]
    private var next = 0
    private var isClosed = false

    init(
        count: Int, options: ConnectionOptions, deadline: Duration, slow: SlowStatements, logger: Logger
    ) {
        slots = Array(repeating: nil, count: count)
        self.options = options
        self.deadline = deadline
        self.slow = slow
        self.logger = logger
    }

    /// Runs the commands in one flight on one of the connections.
    ///
    /// All of it happens on the database thread, so that a caller changes threads once to come and once to go.
    func run(_ commands: [Command], access: Statement.Access) async throws -> [QueryResult] {
        let name = commands.last?.statementName ?? ""
        let end = ContinuousClock.now.advanced(by: deadline)
        while true {
            let connection = try await connection()
            do {
                return try await slow.measure(name) {
                    try await connection.perform(commands, access: access)
                }
            } catch DatabaseError.unavailable(let reason) where access == .read && .now < end {
                // A read that was cut off is sent again, on a connection that works.
                logger.debug(
                    "a read is sent again", metadata: ["statement": "\(name)", "reason": "\(reason)"])
            } catch let error as DatabaseError where error.wantsFreshPlans && .now < end {
                // The server refused before it ran anything: the table changed under the prepared statement.
                await connection.retire()
            }
        }
    }

    /// A connection that works, in turn. While the server is away this waits, up to the deadline.
    private func connection() async throws -> DatabaseConnection {
        while true {
            guard !isClosed else { throw DatabaseError.poolClosed }
            try Task.checkCancellation()
            let slot = next
            next = (next + 1) % slots.count
            let task = slots[slot] ?? open(slot)
            do {
                let connection = try await task.value
                if await connection.isUsable { return connection }
            } catch {
                if slots[slot] == task { slots[slot] = nil }
                throw error
            }
            if slots[slot] == task { slots[slot] = nil }
        }
    }

    func close() async {
        isClosed = true
        let open = slots.compactMap(\.self)
        slots = slots.map { _ in nil }
        for task in open {
            task.cancel()
            if let connection = try? await task.value { await connection.close() }
        }
    }

    private func open(_ slot: Int) -> Task<DatabaseConnection, any Error> {
        let task = Task { [options, deadline, logger] in
            let end = ContinuousClock.now.advanced(by: deadline)
            var pause = Duration.milliseconds(20)
            while true {
                do {
                    return try await DatabaseConnection.connect(options)
                } catch let error as DatabaseError where .now.advanced(by: pause) < end {
                    logger.debug("connecting again", metadata: ["reason": "\(error)"])
                    try await Task.sleep(for: pause)
                    pause = min(pause * 2, .milliseconds(500))
                }
            }
        }
        slots[slot] = task
        return task
    }
}
