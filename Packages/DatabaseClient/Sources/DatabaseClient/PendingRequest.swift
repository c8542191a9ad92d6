import Synchronization

/// A flight, and its caller, who is suspended until it is answered.
final class PendingRequest: @unchecked Sendable {
    // @unchecked is sound: its caller alone touches it until it is handed over (through a lock, or on the database thread
    // itself), and the database thread alone from then on. Whoever cancels touches `isCancelled`, an Atomic, and
    // `hasArrived`, on that thread, which the caller never does.

    let commands: [Command]
    /// The last command's statement.
    private let name: String
    let access: Statement.Access
    /// nil before the caller waits, and once it was resumed, which happens once.
    private var continuation: UnsafeContinuation<[QueryResult], any Error>?
    private let isCancelled = Atomic(false)
    /// Whether the database thread has it.
    private var hasArrived = false
    var deadline = ContinuousClock.Instant.now
    /// Statements that this flight prepares, ahead of its commands.
    var preparing: [Statement] = []

    private var endedCommands = 0
    private var results: [QueryResult] = []
    private var error: ServerError?
    /// The first statement of `preparing` that the server refused; those before it stay prepared, since
    /// preparations are not transactional.
    private(set) var failedPreparation: Int?

    private init(commands: [Command], name: String, access: Statement.Access) {
        self.commands = commands
        self.name = name
        self.access = access
    }

    deinit { assert(continuation == nil, "a caller was forgotten") }

    /// Suspends until a request is answered: once, and the caller goes on where it ran before.
    /// - Parameters:
    ///   - name: the last command's statement.
    ///   - isCancellable: whether a cancelled caller is let go before the answer.
    ///   - handOver: gives the request to the database thread, where ``arrive()`` is the first that it meets.
    nonisolated(nonsending) static func answer(
        to commands: [Command], of name: String, access: Statement.Access, isCancellable: Bool = true,
        handOver: (PendingRequest) -> Void
    ) async throws -> [QueryResult] {
        let request = PendingRequest(commands: commands, name: name, access: access)
        guard isCancellable else { return try await request.answer(handOver) }
        return try await withTaskCancellationHandler {
            try await request.answer(handOver)
        } onCancel: {
            request.isCancelled.store(true, ordering: .relaxed)
            EpollExecutor.shared.run { request.abandon() }
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

    /// The name of the statement whose result comes next.
    var currentStatementName: String {
        if endedCommands < preparing.count { return preparing[endedCommands].name }
        if commands.count == 1 { return name }
        var step = endedCommands - preparing.count
        for command in commands {
            if step < command.steps { return command.statementName }
            step -= command.steps
        }
        return name
    }

    func commandEnded() { endedCommands += 1 }

    func take(result: QueryResult) {
        // What a preparation answers is of no interest.
        if endedCommands >= preparing.count { results.append(result) }
    }

    func take(error: ServerError) {
        // The first error is the cause; those after it only say that the rest was skipped.
        if self.error == nil { self.error = error }
        if endedCommands < preparing.count, failedPreparation == nil { failedPreparation = endedCommands }
    }

    var outcome: Result<[QueryResult], DatabaseError> {
        guard let error else { return .success(results) }
        return .failure(meaning(of: error))
    }

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

    /// Resumes the caller, unless it was let go before.
    func finish(with outcome: Result<[QueryResult], DatabaseError>) {
        continuation.take()?.resume(with: outcome.mapError { $0 as any Error })
        // The connection drops answered requests in large pieces; their rows need not wait for that.
        results = []
    }
}
