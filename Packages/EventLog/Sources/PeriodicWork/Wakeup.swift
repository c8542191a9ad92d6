/// Ends the pause of work that waits. A signal says no more than that there may be something to do.
public final class Wakeup: Sendable {
    private let signals: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    public init() {
        (signals, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Ends the wait that is under way, or else the next one.
    public func signal() { continuation.yield() }

    /// Waits for a signal, or for a time at most. One task at a time may wait.
    func wait(_ duration: Duration, _ time: PeriodicTime) async {
        let timer = Task { [continuation] in
            if (try? await time.sleep(duration)) != nil { continuation.yield() }
        }
        defer { timer.cancel() }
        for await _ in signals { return }
    }
}
