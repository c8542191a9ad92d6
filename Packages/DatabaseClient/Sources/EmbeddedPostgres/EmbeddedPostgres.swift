import Foundation
import Logging

/// A PostgreSQL server of one's own, for development and tests: found on this machine, initialised in a
/// folder, started as an unprivileged user, supervised, and gone when the process that started it is gone.
///
/// The server lives until `stop()` or the end of the process, not merely as long as this object, so that a
/// connection string stays good. It is started again when it dies by itself. A second `start` on the same
/// folder, here or in another process, joins the running server and leaves it alone at its own `stop()`; when
/// the owner of a joined server goes away, the one who joined starts it again.
///
/// Authentication is `trust` on a unix socket in a folder that nobody else may enter. There is no listening
/// port; one that is asked for in `settings` would refuse every connection, by `pg_hba.conf`.
public final class EmbeddedPostgres: Sendable {
    public struct Configuration: Sendable {
        /// Where the data, the log and a lock are kept. Nil: `.grove/postgres` in the working directory, or
        /// `/var/lib/grove/postgres` under root.
        public var dataDirectory: String?
        /// False trades safety for speed: nothing waits for the disk. For data that may be lost.
        public var durable: Bool
        /// Server parameters, as in `postgresql.conf`. They hold for the one who starts the server; a start
        /// that joins a running server does not change it.
        public var settings: [String: String]
        /// The folder of the server's programs. Nil: the first good one in PATH, then where packages put
        /// them.
        public var binaries: String?

        public init(
            dataDirectory: String? = nil, durable: Bool = true, settings: [String: String] = [:],
            binaries: String? = nil
        ) {
            self.dataDirectory = dataDirectory
            self.durable = durable
            self.settings = settings
            self.binaries = binaries
        }
    }

    /// The private folder of the unix socket.
    public let socketDirectory: String
    /// Only the number in the socket's name.
    public let port: Int
    public let binaries: ServerBinaries
    /// Absolute, without symbolic links.
    public let dataDirectory: String
    private let supervisor: Supervisor

    private init(cluster: Cluster, supervisor: Supervisor) {
        socketDirectory = cluster.sockets.path
        port = SocketDirectory.port
        binaries = cluster.binaries
        dataDirectory = cluster.folder.path
        self.supervisor = supervisor
    }

    /// Returns when the server answers.
    /// - Parameter progress: gets a sentence for each thing that takes time, on a thread of its own.
    /// - Throws: `EmbeddedPostgresError`. Cancelling the task stops what was begun.
    public static func start(
        _ configuration: Configuration = Configuration(),
        logger: Logger = Logger(label: "grove.embedded-postgres"),
        progress: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> EmbeddedPostgres {
        let supervisor = Supervisor(configuration, logger: logger, progress: progress)
        let cluster = try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { supervisor.launch(started: $0) }
        } onCancel: {
            supervisor.requestStop()
        }
        // Cancelled just as it became ready: it is stopping, and of no use to anybody.
        if Task.isCancelled {
            await supervisor.stop()
            throw EmbeddedPostgresError(.stopped, "The start was given up.")
        }
        return EmbeddedPostgres(cluster: cluster, supervisor: supervisor)
    }

    /// The process of the server; another one after it was started again, and 0 while there is none.
    public var processID: pid_t { supervisor.serverProcess }

    /// Whether this call of `start` owns the server; false while it has joined someone else's.
    public var isOwner: Bool { supervisor.isOwner }

    /// A URL that libpq and everything built on it understands, safe to hand to a child process.
    public func connectionString(user: String = "postgres", database: String = "postgres") -> String {
        func encoded(_ text: String) -> String {
            text.addingPercentEncoding(
                withAllowedCharacters: .alphanumerics.union(.init(charactersIn: "-_.")))
                ?? text
        }
        return "postgresql://\(encoded(user))@/\(encoded(database))"
            + "?host=\(encoded(socketDirectory))&port=\(port)"
    }

    /// Ends the sessions and stops the server in good order (fast shutdown); after 30 seconds without order.
    /// A joined server goes on. Calling it twice is harmless.
    public func stop() async { await supervisor.stop() }

    /// Deletes a data folder, with the socket folder that a killed owner left.
    /// - Returns: false when there is none, or a server, or the owner of one, is still alive on it.
    @discardableResult
    public static func remove(dataDirectory: String) async -> Bool {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(returning: DataFolder.remove(at: dataDirectory))
            }
        }
    }

    /// The path of a program of the server that `start` would choose for a new folder: `pg_dump`, say.
    /// - Throws: `EmbeddedPostgresError` (`binariesNotFound`).
    public static func binary(named program: String) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try ServerBinaries.find().path(of: program) })
            }
        }
    }
}
