import DatabaseClient
import Foundation
import Logging
import Testing

@testable import ServiceKit

@Suite struct ServiceConfigurationTests {
    private let sound = [
        "DATABASE_URL": "postgresql://portfolios_service@localhost/grove",
        "WORKER_DATABASE_URL": "postgresql://portfolios_worker@localhost/grove",
    ]

    private func read(_ environment: [String: String]) async throws -> ServiceConfiguration {
        var settings = try await Settings.load(environment: environment)
        let configuration = ServiceConfiguration(from: &settings, context: "portfolios")
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
                "WORKER_DATABASE_URL": "host=/run dbname=grove",
            ])
        }
        let text = faults?.description ?? ""
        #expect(faults?.faults.count == 6)
        #expect(text.contains("PORT is \"80000\"; expected: a whole number from 0 to 65535."))
        #expect(text.contains("LOG_LEVEL is \"loud\"; expected: one of trace, debug, info"))
        #expect(text.contains("DATABASE_URL is given, but hidden here"))
        #expect(!text.contains("s3cret"))
    }

    @Test func saysWhatIsMissingAndWhoseRoleIsMeant() async throws {
        let faults = await #expect(throws: ConfigurationFaults.self) { try await read([:]) }
        let example = "expected: a PostgreSQL URL like postgresql"
        #expect(
            faults?.faults == [
                "DATABASE_URL is missing; \(example)://portfolios_service@localhost/grove.",
                "WORKER_DATABASE_URL is missing; \(example)://portfolios_worker@localhost/grove.",
            ])
    }

    @Test func readsAllOfThePoolAndGivesItToTheWorkersPool() async throws {
        let configuration = try await read(
            sound.merging([
                "DATABASE_MAX_CONNECTIONS": "40", "DATABASE_PIPELINED_CONNECTIONS": "3",
                "DATABASE_APPLICATION_NAME": "blue", "DATABASE_ACQUIRE_TIMEOUT_MILLISECONDS": "1500",
                "DATABASE_CONNECT_TIMEOUT_MILLISECONDS": "2500",
                "DATABASE_STATEMENT_TIMEOUT_MILLISECONDS": "12000",
                "DATABASE_SLOW_STATEMENT_MILLISECONDS": "250",
                "DATABASE_COPY_TIMEOUT_MILLISECONDS": "90000", "DATABASE_LOG_STATEMENTS": "true",
                "DATABASE_POOLER": "transaction", "DATABASE_DIRECT_URL": "postgresql://past/the-pooler",
            ]) { $1 })
        let (pool, worker) = (configuration.database, configuration.worker)
        #expect(pool.connectionString == sound["DATABASE_URL"])
        #expect(pool.directConnectionString == "postgresql://past/the-pooler")
        #expect(pool.maximumConnections == 40 && pool.pipelinedConnections == 3)
        #expect(worker.connectionString == sound["WORKER_DATABASE_URL"])
        #expect(worker.directConnectionString == sound["WORKER_DATABASE_URL"])
        #expect(worker.maximumConnections == 4 && worker.pipelinedConnections == 2)
        for each in [pool, worker] {
            #expect(each.applicationName == "blue" && each.pooler == .transaction && each.logsStatements)
            #expect(each.acquireTimeout == .milliseconds(1_500))
            #expect(each.connectTimeout == .milliseconds(2_500))
            #expect(each.statementTimeout == .seconds(12))
            #expect(each.slowStatementThreshold == .milliseconds(250))
            #expect(each.copyTimeout == .seconds(90))
        }
    }

    @Test func thePoolHasTheClientsOwnDefaults() async throws {
        let pool = try await read(sound).database
        let standard = DatabaseConfiguration(connectionString: "")
        #expect(
            pool.applicationName == "portfolios-service"
                && pool.directConnectionString == sound["DATABASE_URL"])
        #expect(pool.maximumConnections == standard.maximumConnections)
        #expect(pool.pipelinedConnections == standard.pipelinedConnections)
        #expect(
            pool.acquireTimeout == standard.acquireTimeout && pool.connectTimeout == standard.connectTimeout)
        #expect(
            pool.statementTimeout == standard.statementTimeout && pool.copyTimeout == standard.copyTimeout)
        #expect(pool.slowStatementThreshold == standard.slowStatementThreshold)
        #expect(pool.pooler == standard.pooler && pool.logsStatements == standard.logsStatements)
    }

    @Test func aSealingKeyIsThirtyTwoBytesAndNeverRepeated() async throws {
        let key = Data(repeating: 7, count: 32)
        for (text, isRight) in [
            (key.base64EncodedString(), true), ("c2hvcnQ=", false), ("not base64!", false),
        ] {
            var settings = try await Settings.load(environment: ["SEAL": text])
            let read = settings.sealingKey("SEAL")
            #expect(settings.faults.isEmpty == isRight && (read == key) == isRight)
            #expect(!settings.faults.joined().contains(text))
        }
        var missing = try await Settings.load(environment: [:])
        _ = missing.sealingKey("SEAL")
        #expect(missing.faults.count == 1)
    }

    @Test func readsAFileThatTheEnvironmentOverrules() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "grove-\(UUID()).env")
        try Data(
            "DATABASE_URL=postgresql://file/grove\nWORKER_DATABASE_URL=postgresql://w/\nPORT=9001\nLOG_FORMAT=text\n"
                .utf8
        ).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let configuration = try await read([
            "CONFIG_FILE": file.path, "PORT": "9002", "CORS_ORIGINS": "https://a, https://b",
        ])
        #expect(configuration.database.connectionString == "postgresql://file/grove")
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
