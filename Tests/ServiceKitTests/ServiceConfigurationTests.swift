import Foundation
import Logging
import Testing

@testable import ServiceKit

@Suite struct ServiceConfigurationTests {
    private let sound = ["DATABASE_URL": "postgresql://users_service@localhost/grove"]

    private func read(_ environment: [String: String]) async throws -> ServiceConfiguration {
        var settings = try await Settings.load(environment: environment)
        let configuration = ServiceConfiguration(from: &settings)
        try settings.finish()
        return configuration
    }

    @Test func hasDefaults() async throws {
        let configuration = try await read(sound)
        #expect(configuration.port == 8080)
        #expect(configuration.logLevel == .info)
        #expect(configuration.limits.bodyBytes == 1_048_576)
        #expect(configuration.corsOrigins.isEmpty)
    }

    @Test func namesEveryFaultAtOnceAndHidesSecrets() async throws {
        let faults = await #expect(throws: ConfigurationFaults.self) {
            try await read([
                "PORT": "80000", "LOG_LEVEL": "loud", "DRAIN_SECONDS": "soon", "DATABASE_URL": "s3cret",
                "JWKS_URL": "ftp://x", "DATABASE_MAX_CONNECTIONS": "-1",
            ])
        }
        let text = faults?.description ?? ""
        #expect(faults?.faults.count == 6)
        #expect(text.contains("PORT is \"80000\"; expected: a whole number from 0 to 65535."))
        #expect(text.contains("LOG_LEVEL is \"loud\"; expected: one of trace, debug, info"))
        #expect(text.contains("DATABASE_URL is given, but hidden here"))
        #expect(!text.contains("s3cret"))
    }

    @Test func saysWhatIsMissing() async throws {
        let faults = await #expect(throws: ConfigurationFaults.self) { try await read([:]) }
        #expect(faults?.faults.count == 1)
        #expect(
            faults?.faults.first?.hasPrefix("DATABASE_URL is missing; expected: a PostgreSQL URL") == true)
    }

    @Test func readsAFileThatTheEnvironmentOverrules() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "grove-\(UUID()).env")
        try Data("DATABASE_URL=postgresql://file/grove\nPORT=9001\nLOG_FORMAT=text\n".utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let configuration = try await read([
            "CONFIG_FILE": file.path, "PORT": "9002", "CORS_ORIGINS": "https://a, https://b",
        ])
        #expect(configuration.databaseURL == "postgresql://file/grove")
        #expect(configuration.port == 9002)
        #expect(configuration.logFormat == .text)
        #expect(configuration.corsOrigins == ["https://a", "https://b"])
    }

    @Test func saysWhichFileCannotBeRead() async throws {
        let faults = await #expect(throws: ConfigurationFaults.self) {
            try await read(["CONFIG_FILE": "/nowhere/grove.env"])
        }
        #expect(faults?.description.contains("CONFIG_FILE is \"/nowhere/grove.env\"") == true)
    }
}
