import Logging

/// Writes down statements that took long: their name and how long, never a value.
struct SlowStatements: Sendable {
    let threshold: Duration
    let logger: Logger

    /// Runs `body` where the caller runs: to leave the database thread for it would cost two thread switches.
    func measure<T>(
        _ name: @autoclosure () -> String, isolation: isolated (any Actor)? = #isolation,
        _ body: () async throws -> T
    ) async rethrows -> T {
        let start = ContinuousClock.now
        defer {
            let taken = ContinuousClock.now - start
            if taken >= threshold {
                logger.warning(
                    "slow statement",
                    metadata: [
                        "statement": "\(name())", "milliseconds": "\(Int(taken / .milliseconds(1)))",
                    ])
            }
        }
        return try await body()
    }
}
