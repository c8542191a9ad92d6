/// How webhooks go out.
public struct WebhookSettings: Sendable {
    /// Whether an endpoint may lie on this machine or in a private network. Only for development and tests: else
    /// anybody could make Grove knock at the doors behind its own wall.
    let allowsPrivateAddresses: Bool
    /// A file of certificates to trust instead of the machine's.
    let certificates: String?
    /// What one request may take, from the look-up of the name on.
    let timeoutSeconds: Int

    public static let standardTimeoutSeconds = 15

    /// - Parameter certificates: a PEM file of authorities to trust instead of the machine's.
    public init(
        allowsPrivateAddresses: Bool = false, certificates: String? = nil,
        timeoutSeconds: Int = standardTimeoutSeconds
    ) {
        self.allowsPrivateAddresses = allowsPrivateAddresses
        self.certificates = certificates
        self.timeoutSeconds = timeoutSeconds
    }
}
