import Synchronization

/// A flight, and its caller, who is suspended until it is answered.
final class PendingRequest: @unchecked Sendable {
    // @unchecked is sound: its caller alone touches it until it is handed over (through a lock, or on the database thread
    // itself), and the database thread alone from then on, until it resumes the caller. Whoever cancels touches `isCancelled`, an Atomic, and
    // `hasArrived`, on that thread, which the caller never does.

    /// What is executed, in order; the connection puts ahead what it holds back.
    private(set) var commands: [Command]
    /// How many of the commands were held back.
    private(set) var heldCount = 0
    /// The last command's statement.
    let name: String
    let access: Statement.Access
    /// Whether COMMIT follows in the same piece, behind a Sync of its own.
    let commits: Bool
    private let executor: EpollExecutor
    /// nil before the caller waits, and once it was resumed, which happens once.
    private var continuation: UnsafeContinuation<[QueryResult], any Error>?
    private let isCancelled = Atomic(false)
    /// Whether the database thread has it.
    private var hasArrived = false
    var deadline = ContinuousClock.Instant.now
    /// Statements that this flight prepares: behind BEGIN, and else ahead of its commands.
    var preparing: [Statement] = []

    private var endedCommands = 0
    private var answeredSyncs = 0
    private var results: [QueryResult] = []
    private var error: DatabaseError?
    /// The first statement of `preparing` that the server refused; those before it stay prepared, since
    /// preparations are not transactional.
    private(set) var failedPreparation: Int?

    /// - Parameter name: the last command's statement.
    init(
        _ commands: [Command], of name: String, access: Statement.Access, commits: Bool = false,
        on executor: EpollExecutor
    ) {
        self.commands = commands
        self.name = name
        self.access = access
        self.commits = commits
        self.executor = executor
    }

    deinit { assert(continuation == nil, "a caller was forgotten") }

    /// Suspends until the request is answered: once, and the caller goes on where it ran before.
    /// - Parameters:
    ///   - isCancellable: whether a cancelled caller is let go before the answer.
    ///   - handOver: gives the request to the database thread, where ``arrive()`` is the first that it meets.
    nonisolated(nonsending) func answer(
        isCancellable: Bool = true, handOver: (PendingRequest) -> Void
    ) async throws -> [QueryResult] {
        guard isCancellable else { return try await answer(handOver) }
        return try await withTaskCancellationHandler {
            try await answer(handOver)
        } onCancel: {
            isCancelled.store(true, ordering: .relaxed)
            executor.run { self.abandon() }
        }
    }

    private nonisolated(nonsending) func answer(
        _ handOver: (PendingRequest) -> Void
    ) async throws -> [QueryResult] {
        try await withUnsafeThrowingContinuation { continuation in
            self.continuation = continuation
            handOver(self)
        }
    }

    /// The database thread has it from here on.
    /// - Returns: false where its caller was cancelled on the way, and is gone.
    func arrive() -> Bool {
        hasArrived = true
        // Set before the thread was told of it: either it is seen here, or `abandon` comes later.
        if isCancelled.load(ordering: .relaxed) { abandon() }
        return continuation != nil
    }

    var isScript: Bool {
        if case .script = commands.first { true } else { false }
    }

    /// The statements that were held back for it by their callers.
    var heldStatements: [Command] { commands.prefix(heldCount).filter(\.isOfCaller) }

    /// Those, and its own.
    var statements: [Command] { heldStatements + commands.dropFirst(heldCount) }

    /// Puts commands ahead of its own; only before it is sent.
    func prepend(_ held: [Command]) {
        heldCount = held.count
        if !held.isEmpty { commands = held + commands }
    }

    /// How many commands go ahead of what is prepared.
    var leading: Int { commands.first?.isBegin == true ? 1 : 0 }

    /// What the server answers next.
    private enum Step {
        case preparation(Int)
        case command
        case commit
    }

    private var step: Step {
        let index = endedCommands - leading
        if index < 0 { return .command }
        if index < preparing.count { return .preparation(index) }
        return answeredSyncs > 0 ? .commit : .command
    }

    /// The name of the statement whose result comes next.
    var currentStatementName: String {
        switch step {
        case .preparation(let index): return preparing[index].name
        case .commit: return Command.commit.statementName
        case .command:
            if commands.count == 1 { return name }
            var step = endedCommands < leading ? endedCommands : endedCommands - preparing.count
            for command in commands {
                if step < command.steps { return command.statementName }
                step -= command.steps
            }
            return name
        }
    }

    func commandEnded() { endedCommands += 1 }

    /// - Returns: whether the request is answered.
    func syncEnded() -> Bool {
        answeredSyncs += 1
        return answeredSyncs > (commits ? 1 : 0)
    }

    func take(result: QueryResult) {
        switch step {
        // What a preparation answers is of no interest.
        case .preparation: break
        case .command: results.append(result)
        case .commit:
            // Where a statement has failed, COMMIT answers ROLLBACK, and the failure is known.
            if result.command != "COMMIT", error == nil { error = .transactionAborted }
        }
    }

    func take(error server: ServerError) {
        if case .preparation(let index) = step, failedPreparation == nil { failedPreparation = index }
        // What is ahead of the preparations has failed, so that all of them were skipped.
        if endedCommands < leading { failedPreparation = 0 }
        // The first error is the cause; those after it only say that the rest was skipped.
        if error == nil { error = meaning(of: server) }
    }

    var outcome: Result<[QueryResult], DatabaseError> { error.map { .failure($0) } ?? .success(results) }

    /// A session that the server ends while it answers leaves a write's outcome open: the commit may have been
    /// written before the session was told to go.
    private func meaning(of error: ServerError) -> DatabaseError {
        guard error.severity != "ERROR" else { return .server(error) }
        return meaning(of: .unavailable(error.message))
    }

    func meaning(of loss: DatabaseError) -> DatabaseError {
        access == .write ? .outcomeUnknown(statement: name) : loss
    }

    /// Lets the caller go, who was cancelled. The statement is not cancelled on the server: on a shared connection
    /// that could hit a stranger's. Its answer is read and dropped.
    private func abandon() {
        guard hasArrived else { return }
        continuation.take()?.resume(throwing: CancellationError())
    }

    /// Resumes the caller, unless it was let go before; it alone touches the request from then on.
    func finish(with outcome: Result<[QueryResult], DatabaseError>) {
        // The connection drops answered requests in large pieces; their rows need not wait for that.
        results = []
        continuation.take()?.resume(with: outcome.mapError { $0 as any Error })
    }
}
