import NIOPosix
import Synchronization

/// Hashes and checks passwords on threads of its own: two at a time, so that log-ins never take the whole
/// machine, and a bounded number waiting, so that a flood is refused rather than queued for minutes.
final class PasswordHasher: Sendable {
    enum Verdict: Sendable, Equatable {
        case wrong
        case right
        /// Right, under parameters that are not today's: hash it again.
        case outdated
    }

    /// One for the process, whatever the number of modules in it: it bounds what the process spends.
    static let shared = PasswordHasher(threads: 2, maximumWaiting: 64)

    private let threads: NIOThreadPool
    private let maximumWaiting: Int
    // The lock is held for one addition and one comparison, never across a suspension.
    private let waiting = Mutex(0)
    private let algorithm = Argon2id.standard
    /// A hash of nothing that anybody knows, checked when there is no account, so that both answers take as
    /// long.
    private let decoy: String

    init(threads: Int, maximumWaiting: Int) {
        self.threads = NIOThreadPool(numberOfThreads: threads)
        self.maximumWaiting = maximumWaiting
        decoy = algorithm.prefix + "Z3JvdmUtZGVjb3ktc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        self.threads.start()
    }

    /// The PHC string of a normalised password under a new salt. Throws `tooManyPasswordsAtOnce`.
    func hash(_ password: String) async throws -> String {
        var generator = SystemRandomNumberGenerator()
        let salt = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        return try await bounded { [algorithm] in try algorithm.hash(Array(password.utf8), salt: salt) }
    }

    /// Checks a normalised password; against nothing when there is no account. Throws
    /// `tooManyPasswordsAtOnce`.
    func verify(_ password: String, against encoded: String?) async throws -> Verdict {
        try await bounded { [algorithm, decoy] in
            let isRight = try Argon2id.matches(Array(password.utf8), encoded ?? decoy)
            guard isRight, let encoded else { return .wrong }
            return encoded.hasPrefix(algorithm.prefix) ? .right : .outdated
        }
    }

    private func bounded<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws
        -> Value
    {
        let isAdmitted = waiting.withLock { count in
            guard count < maximumWaiting else { return false }
            count += 1
            return true
        }
        guard isAdmitted else { throw UsersError.tooManyPasswordsAtOnce }
        defer { waiting.withLock { $0 -= 1 } }
        return try await threads.runIfActive(work)
    }
}
