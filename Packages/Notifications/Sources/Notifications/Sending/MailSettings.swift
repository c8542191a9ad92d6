import ExactTypes
import Foundation

/// The mail server that takes Grove's messages, and the name that they come under.
public struct MailSettings: Sendable {
    let url: String
    let user: String?
    let password: String?
    let sender: MailAddress
    let senderName: String
    let requiresTLS: Bool
    /// A file of certificates to trust instead of the machine's.
    let certificates: String?
    let timeoutSeconds: Int

    /// - Parameters:
    ///   - url: `smtp://host:587`, which speaks TLS by STARTTLS where the server offers it, or `smtps://host:465`.
    ///   - user: nil where the server wants none.
    ///   - sender: the address that messages come from; its host names them too.
    ///   - requiresTLS: false only for a server on this machine: else a server in the middle could leave out its
    ///     offer of STARTTLS, and read.
    ///   - certificates: a PEM file of authorities to trust instead of the machine's.
    ///   - timeoutSeconds: what one message may take.
    /// - Throws: ParseError, when the URL has another scheme or no host.
    public init(
        url: String, user: String? = nil, password: String? = nil, sender: MailAddress,
        senderName: String = "Grove", requiresTLS: Bool = true, certificates: String? = nil,
        timeoutSeconds: Int = 30
    ) throws(ParseError) {
        guard let parts = URLComponents(string: url), parts.scheme == "smtp" || parts.scheme == "smtps",
            let host = parts.host, !host.isEmpty, parts.user == nil, parts.path.isEmpty || parts.path == "/"
        else { throw ParseError(reason: "is not a URL like smtp://mail.example.com:587") }
        // libcurl says EHLO with the name in the path, and else with the machine's.
        self.url = "\(parts.scheme ?? "smtp")://\(host)\(parts.port.map { ":\($0)" } ?? "")/\(sender.host)"
        self.user = user
        self.password = password
        self.sender = sender
        self.senderName = senderName
        self.requiresTLS = requiresTLS
        self.certificates = certificates
        self.timeoutSeconds = timeoutSeconds
    }
}
