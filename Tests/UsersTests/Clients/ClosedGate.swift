import Dispatch
import ServiceKit

@testable import Users

/// All places of a hasher are taken until it opens: who comes after it waits.
struct ClosedGate: Sendable {
    private let signal = DispatchSemaphore(value: 0)
    private let occupants: [Task<Void, any Error>]

    /// Returns when the places are taken.
    init(of hasher: PasswordHasher, places: Int) async {
        let (begun, beginning) = AsyncStream.makeStream(of: Void.self)
        occupants = (0..<places).map { [signal] _ in
            Task {
                try await hasher.run(for: .unknown) {
                    beginning.yield()
                    // On a thread of the hasher's own.
                    signal.wait()
                }
            }
        }
        var iterator = begun.makeAsyncIterator()
        for _ in 0..<places { await iterator.next() }
    }

    func open() { for _ in occupants { signal.signal() } }

    /// Returns when the places are free again.
    func passed() async throws { for occupant in occupants { try await occupant.value } }
}
