import Foundation
import Logging
import ServiceLifecycle

/// What Users does by itself, every ten minutes. Every instance does it: each step is safe to do twice.
struct Housekeeping: Service {
    let users: UsersModule
    private static let period = Duration.seconds(600)

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await users.signingKeys.rotate(at: users.now())
                    try await deleteExpiredAttempts(on: users.database, at: users.now())
                } catch let error as SigningKeys.WrongSealingKey {
                    // Nobody could log in: better to stop at once and say why.
                    throw error
                } catch is CancellationError {
                    return
                } catch {
                    // The database is away, say. The next round does what this one could not.
                    users.logger.warning("Users' housekeeping failed.", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: Self.period)
            }
        }
    }
}
