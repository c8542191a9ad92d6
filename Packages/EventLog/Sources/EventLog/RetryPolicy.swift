/// When a failed event is tried again.
public struct RetryPolicy: Sendable {
    /// After so many attempts it waits for an operator.
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
        guard attempts < maximumAttempts else { return nil }
        var pause = firstPauseSeconds
        for _ in 1..<max(attempts, 1) where pause < longestPauseSeconds { pause *= 2 }
        return min(pause, longestPauseSeconds)
    }
}
