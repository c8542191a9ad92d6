import ArgumentParser
import ServiceKit

struct HealthcheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "healthcheck", abstract: "Exits with 0 when the service on this machine is up.")

    func run() async throws {
        var settings = try await Settings.load()
        let port = settings.integer("PORT", default: ServiceConfiguration().port, in: 1...65_535)
        try settings.finish()
        throw ExitCode(await HealthCheck.run(port: port))
    }
}
