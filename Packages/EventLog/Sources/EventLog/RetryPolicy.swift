/// When an event or a job that failed is tried again.
public struct RetryPolicy: Sendable {
    /// After so many attempts an event waits for an operator. A job has a number of its own.
    public var maximumAttempts: Int
    /// Before the second attempt; each further pause is twice as long.
    public var firstPauseSeconds: Double
    public var longestPauseSeconds: Double

    /// Eight attempts over about two minutes.
    public init(maximumAttempts: Int = 8, firstPauseSeconds: Double = 1, longestPauseSeconds: Double = 60) {
        self.maximumAttempts = maximumAttempts
        self.firstPauseSeconds = firstPauseSeconds
        self.longestPauseSeconds = longestPauseSeconds
    }

    /// The pause after so many failed attempts, or nil where there is no further one.
    func pauseSeconds(after attempts: Int) -> Double? {
        attempts < maximumAttempts ? pauseSeconds(before: attempts + 1) : nil
    }

    /// The pause before an attempt, from the second on.
    func pauseSeconds(before attempt: Int) -> Double {
        var pause = firstPauseSeconds
        for _ in 2..<max(attempt, 2) where pause < longestPauseSeconds { pause *= 2 }
        return min(pause, longestPauseSeconds)
    }
}
