public import ArgumentParser
import ServiceKit

/// What a container's health check runs.
public struct HealthcheckCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "healthcheck",
        abstract: "Exits with 0 where the service on this machine is up, else with 1.")

    public init() {}

    public func run() async throws {
        var settings = try await Settings.load()
        let port = settings.integer("PORT", default: ServiceConfiguration().port, in: 1...65_535)
        let managementPort = settings.optionalInteger("MANAGEMENT_PORT", in: 1...65_535)
        try settings.finish()
        throw ExitCode(await HealthCheck.run(port: managementPort ?? port))
    }
}
