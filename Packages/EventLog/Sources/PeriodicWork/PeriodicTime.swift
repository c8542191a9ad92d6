public import Foundation

/// What a loop knows of time, so that a test can decide it.
public struct PeriodicTime: Sendable {
    let now: @Sendable () -> Date
    /// Throws where the task is cancelled meanwhile.
    let sleep: @Sendable (Duration) async throws -> Void
    /// A number of the range, by which a pause is multiplied: processes that begin together do not work together.
    let jitter: @Sendable (ClosedRange<Double>) -> Double

    public init(
        now: @escaping @Sendable () -> Date = { Date() },
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
        jitter: @escaping @Sendable (ClosedRange<Double>) -> Double = { Double.random(in: $0) }
    ) {
        self.now = now
        self.sleep = sleep
        self.jitter = jitter
    }
}
