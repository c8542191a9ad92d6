/// What a transaction has done so far, for as long as it could be begun anew without its caller.
///
/// The same statements with the same answers are the same transaction, so one that the server has undone can be
/// repeated up to the statement that failed. That holds while statements ran one after the other and nothing else did:
/// no savepoint, no cursor, no COPY, no failure.
struct TransactionHistory {
    struct Step: Sendable {
        let statement: Statement
        let parameters: Parameters
        let result: QueryResult
    }

    /// Parameters and answers are kept in memory until the transaction ends, so long histories are given up.
    private static let mostSteps = 16
    private static let mostRows = 200
    private static let mostBytes = 256 * 1_024
    /// A table that changes again and again is the caller's to wait for.
    private static let mostRepetitions = 3

    /// In the order of their answers; nil once they cannot be repeated.
    private var steps: [Step]? = []
    private var rows = 0
    private var bytes = 0
    private var underWay = 0
    private var repetitions = 0
    /// The statement for whose sake the transaction is being repeated.
    private var repeating: String?
    /// Only a part of the transaction was repeated, or a statement of it was refused: it must not commit.
    private var isBroken = false

    /// Lets no statement into a transaction of which the server has only a part. One that comes while that changes
    /// breaks it, since its caller may go on as though it had run.
    mutating func admit() throws(DatabaseError) {
        if isBroken { throw .transactionAborted }
        guard let repeating else { return }
        isBroken = true
        throw .stalePlan(statement: repeating)
    }

    mutating func began() throws(DatabaseError) {
        try admit()
        underWay += 1
    }

    /// - Parameter flight: what was answered, in order; nil where it failed.
    mutating func ended(_ flight: [Step]?) {
        underWay -= 1
        guard let flight else { return giveUp() }
        for step in flight {
            rows += step.result.rowCount
            bytes += step.parameters.bytes.count + step.result.byteCount
        }
        guard rows <= Self.mostRows, bytes <= Self.mostBytes, let steps,
            steps.count + flight.count <= Self.mostSteps
        else { return giveUp() }
        self.steps = steps + flight
    }

    mutating func giveUp() { steps = nil }

    /// The steps before the statement that is under way; nil where they cannot be repeated, or others run beside it.
    mutating func beginRepetition(for statement: String) -> [Step]? {
        guard underWay == 1, repetitions < Self.mostRepetitions, let steps else { return nil }
        repetitions += 1
        repeating = statement
        return steps
    }

    /// Whether the transaction may begin on another connection: nothing of it was answered, and nothing else is under way.
    mutating func mayBeginElsewhere(for statement: String) -> Bool {
        guard underWay == 1, let steps, steps.isEmpty, repeating == nil, !isBroken else { return false }
        repeating = statement
        return true
    }

    mutating func endRepetition(isWhole: Bool) {
        repeating = nil
        if !isWhole { isBroken = true }
    }

    /// Whether the server has all that the caller takes for done.
    var mayCommit: Bool { !isBroken && repeating == nil }
}
