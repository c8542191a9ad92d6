import ExactTypes
public import Mail

extension MailServer {
    /// How to reach it.
    public func settings(
        scheme: String = "smtp", user: String? = nil, password: String? = nil, requiresTLS: Bool = false,
        certificates: String? = nil, timeoutSeconds: Int = 10
    ) throws -> MailSettings {
        try MailSettings(
            url: "\(scheme)://127.0.0.1:\(port)", user: user, password: password,
            sender: try MailAddress(parsing: "notices@grove.example"), requiresTLS: requiresTLS,
            certificates: certificates, timeoutSeconds: timeoutSeconds)
    }
}
