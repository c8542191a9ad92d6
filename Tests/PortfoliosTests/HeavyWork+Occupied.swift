import Dispatch
import ExactTypes
import Foundation
import SharedTypes

@testable import ServiceKit

extension HeavyWork {
    /// Has a calculation of somebody take a thread until the gate opens; returns when it has it.
    func occupied(until gate: DispatchSemaphore) async -> Task<Void, any Error> {
        let (started, continuation) = AsyncStream<Void>.makeStream()
        let task = Task {
            try await withTurn(for: User.ID(UUID())) { turn in
                try await turn.run { _ in
                    continuation.finish()
                    gate.wait()
                }
            }
        }
        for await _ in started {}
        return task
    }
}
