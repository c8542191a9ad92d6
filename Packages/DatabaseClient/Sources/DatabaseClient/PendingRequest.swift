/// A flight, and its caller, who is suspended until it is answered.
final class PendingRequest: @unchecked Sendable {
    // @unchecked is sound: nothing but the constants is touched before the database thread has the request, and
    // from then on only that thread touches it.

    let commands: [Command]
    let access: Statement.Access
    /// nil before the caller waits, and once it was resumed, which happens once.
    private var continuation: UnsafeContinuation<[QueryResult], any Error>?
    private var isAbandoned = false
    var deadline = ContinuousClock.Instant.now
    /// Statements that this flight prepares, ahead of its commands.
    var preparing: [Statement] = []

    private var endedCommands = 0
    private var results: [QueryResult] = []
    private var error: ServerError?
    /// The first statement of `preparing` that the server refused; those before it stay prepared, since
    /// preparations are not transactional.
    private(set) var failedPreparation: Int?

    private init(commands: [Command], access: Statement.Access) {
        self.commands = commands
        self.access = access
    }

    deinit { assert(continuation == nil, "a caller was forgotten") }

    /// Suspends until a request is answered: once, and the caller goes on where it ran before.
    /// - Parameters:
    ///   - isCancellable: whether a cancelled caller is let go before the answer.
    ///   - send: called on the database thread.
    nonisolated(nonsending) static func answer(
        to commands: [Command], access: Statement.Access, isCancellable: Bool = true,
        by send: @escaping @Sendable (PendingRequest) -> Void
    ) async throws -> [QueryResult] {
        let request = PendingRequest(commands: commands, access: access)
        guard isCancellable else { return try await request.answer(by: send) }
        return try await withTaskCancellationHandler {
            try await request.answer(by: send)
        } onCancel: {
            EpollExecutor.shared.run { request.abandon() }
        }
    }

    private nonisolated(nonsending) func answer(
        by send: @escaping @Sendable (PendingRequest) -> Void
    ) async throws -> [QueryResult] {
        try await withUnsafeThrowingContinuation { continuation in
            EpollExecutor.shared.run { [self] in
                guard !isAbandoned else { return continuation.resume(throwing: CancellationError()) }
                self.continuation = continuation
                send(self)
            }
        }
    }

    var isScript: Bool {
        if case .script = commands.first { true } else { false }
    }

    /// The name of the statement whose result comes next.
    var currentStatementName: String {
        if endedCommands < preparing.count { return preparing[endedCommands].name }
        var step = endedCommands - preparing.count
        for command in commands {
            if step < command.steps { return command.statementName }
            step -= command.steps
        }
        return commands.last?.statementName ?? ""
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
        access == .write ? .outcomeUnknown(statement: commands.last?.statementName ?? "") : loss
    }

    /// Lets the caller go, who was cancelled. The statement is not cancelled on the server: on a shared connection
    /// that could hit a stranger's. Its answer is read and dropped.
    private func abandon() {
        isAbandoned = true
        continuation.take()?.resume(throwing: CancellationError())
    }

    /// Resumes the caller, unless it was let go before.
    func finish(with outcome: Result<[QueryResult], DatabaseError>) {
        continuation.take()?.resume(with: outcome.mapError { $0 as any Error })
    }
}
