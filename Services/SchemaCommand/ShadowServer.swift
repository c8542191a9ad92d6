import ArgumentParser
import EmbeddedPostgres
import Foundation

/// Which server the shadow database is made on.
struct ShadowOptions: ParsableArguments {
    @Option(
        name: .customLong("shadow-url"),
        help:
            "A server where a superuser may make a scratch database. Default: one of our own."
    )
    var shadowURL: String?

    /// Runs `body` with the connection string of a server, which ends and leaves nothing behind when it is
    /// our own.
    func withServer<T>(_ body: (String) async throws -> T) async throws -> T {
        if let shadowURL { return try await body(shadowURL) }
        report("Starting a shadow server …")
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("grove-shadow-\(ProcessInfo.processInfo.processIdentifier)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let server = try await EmbeddedPostgres.start(
            .init(dataDirectory: folder, durable: false, settings: ["shared_buffers": "32MB"]))
        do {
            let value = try await body(server.connectionString())
            await server.stop()
            return value
        } catch {
            await server.stop()
            throw error
        }
    }
}
