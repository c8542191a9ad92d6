/// When the databases are looked at, however many ask whether the service is ready: at most once a second, and never
/// while a look that passed its deadline still hangs. Without a clock and without a lock.
struct ReadinessLooks {
    /// What whoever asks is to do.
    enum Step: Equatable {
        /// Take this; a look is not due, or cannot begin.
        case answer([String])
        /// Wait for the look that is under way.
        case join
        /// Look.
        case begin
    }

    private enum Phase {
        case idle
        case looking
        /// The deadline is past, and the look has not ended.
        case hanging
    }

    static let interval = Duration.seconds(1)

    private var phase = Phase.idle
    private var began: ContinuousClock.Instant?
    private var faults: [String] = []

    mutating func ask(at now: ContinuousClock.Instant) -> Step {
        switch phase {
        case .looking: return .join
        case .hanging: return .answer(faults)
        case .idle:
            if let began, now - began < Self.interval { return .answer(faults) }
            phase = .looking
            began = now
            return .begin
        }
    }

    /// The look has ended with these faults.
    mutating func ended(with faults: [String]) {
        self.faults = faults
        phase = .idle
    }

    /// The look has not ended in time: these are the faults until it has.
    mutating func passedDeadline(with faults: [String]) {
        self.faults = faults
        phase = .hanging
    }

    /// The look that hung has ended, whatever it found.
    mutating func hangingLookEnded() { phase = .idle }
}
