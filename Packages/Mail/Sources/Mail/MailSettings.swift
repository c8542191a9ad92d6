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

/// A value of the environment that is no setting.
public struct MailSettingFault: Error, Hashable {
    public let key: String
    public let value: String
    /// What it should have been.
    public let expected: String
}

extension MailSettings {
    /// The keys of the environment by which a service says where its mail goes.
    public static let keys = [
        "MAIL_URL", "MAIL_USER", "MAIL_PASSWORD", "MAIL_FROM", "MAIL_FROM_NAME", "MAIL_REQUIRE_TLS",
        "MAIL_CERTIFICATES",
    ]

    /// Reads the values of ``keys``; nil without MAIL_URL.
    public init?(values: [String: String]) throws(MailSettingFault) {
        guard let url = values["MAIL_URL"], !url.isEmpty else { return nil }
        let requiresTLS = values["MAIL_REQUIRE_TLS"] ?? "true"
        guard ["true", "false"].contains(requiresTLS) else {
            throw MailSettingFault(key: "MAIL_REQUIRE_TLS", value: requiresTLS, expected: "true or false")
        }
        let from = values["MAIL_FROM"] ?? ""
        guard let sender = try? MailAddress(parsing: from) else {
            throw MailSettingFault(
                key: "MAIL_FROM", value: from, expected: "the address that messages come from")
        }
        do throws(ParseError) {
            try self.init(
                url: url, user: values["MAIL_USER"].flatMap { $0.isEmpty ? nil : $0 },
                password: values["MAIL_PASSWORD"], sender: sender,
                senderName: values["MAIL_FROM_NAME"] ?? "Grove", requiresTLS: requiresTLS == "true",
                certificates: values["MAIL_CERTIFICATES"])
        } catch {
            throw MailSettingFault(
                key: "MAIL_URL", value: url, expected: "smtp://HOST:PORT or smtps://HOST:PORT")
        }
    }
}
