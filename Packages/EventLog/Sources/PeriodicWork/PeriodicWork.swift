public import ServiceLifecycle

/// A service whose work repeats, as readiness sees it.
public protocol PeriodicWork: Service {
    /// Each of its loops. They are the same objects at every call, since they remember how they fare.
    var loops: [PeriodicService] { get }
}

extension PeriodicWork {
    /// Runs all loops until the service shuts down, the task is cancelled, or one of them cannot go on.
    public func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for loop in loops { group.addTask { try await loop.run() } }
            try await group.waitForAll()
        }
    }
}
