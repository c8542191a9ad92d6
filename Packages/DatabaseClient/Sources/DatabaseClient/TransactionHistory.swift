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

    /// Answers are kept in memory until the transaction ends, so long histories are given up.
    private static let mostSteps = 16
    private static let mostRows = 200
    /// A table that changes again and again is the caller's to wait for.
    private static let mostRepetitions = 3

    /// In the order of their answers; nil once they cannot be repeated.
    private var steps: [Step]? = []
    private var rows = 0
    private var underWay = 0
    private var repetitions = 0

    mutating func began() { underWay += 1 }

    mutating func ended(_ step: Step?) {
        underWay -= 1
        guard let step else { return giveUp() }
        rows += step.result.rowCount
        guard rows <= Self.mostRows, let steps, steps.count < Self.mostSteps else { return giveUp() }
        self.steps = steps + [step]
    }

    mutating func giveUp() { steps = nil }

    /// The steps before the statement that is under way; nil where they cannot be repeated, or others run beside it.
    mutating func repeatable() -> [Step]? {
        guard underWay == 1, repetitions < Self.mostRepetitions else { return nil }
        repetitions += 1
        return steps
    }
}
