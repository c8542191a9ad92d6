import Logging
import ServiceLifecycle

/// Sends what is due, each second. Every instance does it.
struct OutgoingMailService: Service {
    let sender: OutgoingMailSender
    private static let period = Duration.seconds(1)

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await sender.sendOutgoingMail()
                } catch is CancellationError {
                    return
                } catch {
                    // The database is away, say: what waits stays, and the next round sends it.
                    sender.logger.warning("Mail could not be sent.", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: Self.period)
            }
        }
    }
}
