import Logging
import NIOPosix
import ServiceLifecycle

/// The first service to be told of the shutdown. It turns readiness off, lets the server go on for a little,
/// so that balancers look elsewhere and connections end after an answer, and then stops new connections.
struct DrainGate: Service {
    let state: DrainState
    let delay: Duration
    let logger: Logger

    func run() async throws {
        try? await gracefulShutdown()
        state.begin()
        logger.info("Shutting down: not ready any more, draining.")
        try? await Task.sleep(for: delay)
        guard let channel = state.listeningChannel else { return }
        await ListeningSocket.refuseNewConnections(channel, logger)
        await ListeningSocket.settle(channel, MultiThreadedEventLoopGroup.singleton)
    }
}
