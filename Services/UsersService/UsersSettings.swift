import ServiceKit
import SharedTypes
import Users

/// All that the environment decides about this service.
struct UsersSettings: Sendable {
    let service: ServiceConfiguration
    let users: UsersConfiguration

    /// Throws every fault at once.
    static func load() async throws -> UsersSettings {
        var settings = try await Settings.load()
        var service = ServiceConfiguration(from: &settings)
        service.readWorker(from: &settings)
        let sealingKey = settings.string(
            "USERS_SEALING_KEY", expected: "32 bytes in base64: openssl rand -base64 32")
        let mailFolder = settings.string("MAIL_FOLDER", default: "mail")
        let (issuer, audience) = (service.tokenIssuer, service.tokenAudience)
        func users() throws(ParseError) -> UsersConfiguration {
            try UsersConfiguration(
                sealingKey: sealingKey, mailFolder: mailFolder, tokenIssuer: issuer, tokenAudience: audience)
        }
        // A key that is missing is a fault already.
        if !sealingKey.isEmpty, (try? users()) == nil {
            settings.fault(
                "USERS_SEALING_KEY", sealingKey, "32 bytes in base64: openssl rand -base64 32", isSecret: true
            )
        }
        try settings.finish()
        return UsersSettings(service: service, users: try users())
    }
}
