/// Why the embedded server could not be started. The text is written for a person at a terminal: it says what
/// is wrong and what to do about it.
public struct EmbeddedPostgresError: Error, Hashable, CustomStringConvertible {
    /// The kind of failure, for programs.
    public enum Reason: Sendable, Hashable {
        /// No usable server programs on this machine.
        case binariesNotFound
        /// The data folder cannot be used by the server's account, or is not ours.
        case dataFolderUnusable
        /// `initdb` or `postgres` ran and failed; the text ends with the last lines of its log.
        case serverFailed
        /// Another process, or the remains of one, did not get out of the way in time.
        case timedOut
        /// `stop()` was called, or the task was cancelled, before the server was ready.
        case stopped
    }

    public let reason: Reason
    public let description: String

    init(_ reason: Reason, _ description: String) {
        self.reason = reason
        self.description = description
    }
}
