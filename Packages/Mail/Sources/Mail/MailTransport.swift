/// The way by which messages leave.
public enum MailTransport: Sendable {
    /// A mail server.
    case server(MailSettings)
    /// Files, for a machine that has no mail server.
    case folder(MailFolder)

    /// Hands a message over, and gives what a server said then: often the name it has in its queue.
    @discardableResult
    public func send(_ message: MailMessage) async throws(SendingFailure) -> String? {
        switch self {
        case .server(let settings): return try await SMTPClient(settings: settings).send(message)
        case .folder(let folder):
            try await folder.write(message)
            return nil
        }
    }
}
