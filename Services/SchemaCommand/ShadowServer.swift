import ArgumentParser
import EmbeddedPostgres
import Foundation
import Migrations

/// Which server the shadow database is made on.
struct ShadowOptions: ParsableArguments {
    @Option(
        name: .customLong("shadow-url"),
        help:
            "A server where a superuser may make a scratch database. Default: one of our own."
    )
    var shadowURL: String?

    /// Runs `body` with the connection string of a server, which has stopped when this returns, if it is our
    /// own.
    ///
    /// - Parameter migrations: the folder of which `body` wants a migrated copy. On our own server it is kept
    ///   from run to run.
    func withServer<T>(migrated migrations: String? = nil, _ body: (String) async throws -> T) async throws
        -> T
    {
        if let shadowURL { return try await body(shadowURL) }
        report("Starting a shadow server …")
        if let kept = KeptCluster.take(), let server = await kept.start() {
            defer { kept.giveBack() }
            return try await run(server) { address in
                // A folder with faults is for `body` to read, and to tell of.
                guard let migrations, let folder = try? MigrationFolder(path: migrations) else {
                    return try await body(address)
                }
                let template = try await ShadowTemplate.prepare(
                    folder, server: address, toolVersion: Self.toolVersion, progress: report)
                return try await body(template)
            }
        }
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("grove-shadow-\(ProcessInfo.processInfo.processIdentifier)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try await run(try await KeptCluster.start(in: folder), body)
    }

    private func run<T>(
        _ server: EmbeddedPostgres, _ body: (String) async throws -> T
    ) async throws -> T {
        do {
            let value = try await body(server.connectionString())
            await server.stop()
            return value
        } catch {
            await server.stop()
            throw error
        }
    }

    /// Another build of this program may make other roles or another history table.
    private static var toolVersion: String {
        let path = Bundle.main.executablePath ?? CommandLine.arguments[0]
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        let date = attributes?[.modificationDate] as? Date
        return "\(attributes?[.size] ?? "") \(date?.timeIntervalSince1970 ?? 0)"
    }
}

/// The cluster in `.grove/shadow`, which one run at a time may use: a server ends with the process that
/// started it. Whoever comes meanwhile takes a server of their own for once.
private struct KeptCluster {
    private static let folder = ".grove/shadow"

    private let lock: FileHandle

    /// Nil while another run has it, and outside of a repository.
    static func take() -> KeptCluster? {
        let manager = FileManager.default
        guard manager.fileExists(atPath: ".grove") || manager.fileExists(atPath: ".git") else { return nil }
        try? manager.createDirectory(atPath: ".grove", withIntermediateDirectories: true)
        // Nothing in there is for git, whatever the repository's own .gitignore says.
        if !manager.fileExists(atPath: ".grove/.gitignore") {
            try? "*\n".write(toFile: ".grove/.gitignore", atomically: true, encoding: .utf8)
        }
        // The kernel frees the lock at kill -9, and no child inherits it.
        let descriptor = open("\(folder).lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return nil }
        let lock = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        return flock(descriptor, LOCK_EX | LOCK_NB) == 0 ? KeptCluster(lock: lock) : nil
    }

    /// Nil when it cannot be had, even from nothing.
    func start() async -> EmbeddedPostgres? {
        // Nothing of it was written for a power cut, so it is good for one run of the machine.
        let boot = (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)) ?? ""
        let written = (try? lock.readToEnd()).flatMap { $0 }.map { String(decoding: $0, as: UTF8.self) }
        if written != boot {
            await EmbeddedPostgres.remove(dataDirectory: Self.folder)
            try? lock.truncate(atOffset: 0)
            try? lock.write(contentsOf: Data(boot.utf8))
        }
        if let server = try? await Self.start(in: Self.folder) { return server }
        await EmbeddedPostgres.remove(dataDirectory: Self.folder)
        return try? await Self.start(in: Self.folder)
    }

    func giveBack() { try? lock.close() }

    static func start(in folder: String) async throws -> EmbeddedPostgres {
        try await EmbeddedPostgres.start(
            .init(
                dataDirectory: folder, durable: false,
                settings: [
                    "shared_buffers": "32MB", "max_wal_size": "64MB", "min_wal_size": "32MB",
                    "autovacuum": "off",
                ]))
    }
}
