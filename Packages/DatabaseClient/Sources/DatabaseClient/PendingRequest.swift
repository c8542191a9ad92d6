/// A flight that was sent and waits for its answer.
struct PendingRequest {
    let id: UInt64
    let commands: [Command]
    let access: Statement.Access
    /// nil once it was answered, or its caller was cancelled.
    var continuation: CheckedContinuation<[QueryResult], any Error>?
    var deadline: ContinuousClock.Instant = .now
    /// Statements that this flight prepares, ahead of its commands.
    var preparing: [Statement] = []

    private var endedCommands = 0
    private var results: [QueryResult] = []
    private var error: ServerError?
    /// The first statement of `preparing` that the server refused; those before it stay prepared, since
    /// preparations are not transactional.
    private(set) var failedPreparation: Int?

    init(
        id: UInt64, commands: [Command], access: Statement.Access,
        continuation: CheckedContinuation<[QueryResult], any Error>
    ) {
        self.id = id
        self.commands = commands
        self.access = access
        self.continuation = continuation
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

    mutating func commandEnded() { endedCommands += 1 }

    mutating func take(result: QueryResult) {
        // What a preparation answers is of no interest.
        if endedCommands >= preparing.count { results.append(result) }
    }

    mutating func take(error: ServerError) {
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

    mutating func finish(with outcome: Result<[QueryResult], DatabaseError>) {
        continuation?.resume(with: outcome.mapError { $0 as any Error })
        continuation = nil
    }
}
