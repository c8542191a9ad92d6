import PeriodicWork

/// What Users does by itself. Every instance does it: each step is safe to do twice.
extension UsersModule {
    /// Rotates the signing keys and deletes old counters of attempts, every ten minutes. With another sealing key no one
    /// could log in, and it is better to stop at once.
    var maintenance: PeriodicService {
        PeriodicService(
            "users.maintenance", every: .seconds(600), logger: logger,
            isFatal: { $0 is SigningKeys.WrongSealingKey }
        ) {
            try await signingKeys.rotate(at: now())
            try await deleteExpiredAttempts(on: database, at: now())
            return .done
        }
    }

    /// Sends what waits in the outbox, each second.
    var outgoingMail: PeriodicService {
        PeriodicService("users.outgoing_mail", every: .seconds(1), logger: logger) {
            try await mailSender.sendOutgoingMail()
        }
    }
}
