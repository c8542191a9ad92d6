import Foundation

/// PgBouncer in transaction mode before a server, for tests of what a pooler in the way does.
public enum PgBouncer {
    private static let program = "/usr/sbin/pgbouncer"

    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    /// Runs the body with an address that leads through a PgBouncer of its own.
    ///
    /// - Parameters:
    ///   - url: the database behind it, without a password: every client is let in as the URL's user, or as
    ///     `postgres`.
    ///   - poolSize: the server sessions that all clients share.
    ///   - more: settings beside or instead of ours, as `listen_addr`.
    /// - Throws: ``Failure`` where PgBouncer is missing or does not listen within ten seconds.
    public static func run<Result>(
        before url: String, poolSize: Int = 20, settings more: [String: String] = [:],
        _ body: (String) async throws -> Result
    ) async throws -> Result {
        guard FileManager.default.isExecutableFile(atPath: program) else {
            throw Failure(description: "\(program) is missing: apt-get install -y pgbouncer")
        }
        guard let parts = URLComponents(string: url) else { throw Failure(description: "Not a URL: \(url)") }
        let server = parts.queryItems?.first { $0.name == "host" }?.value ?? parts.host ?? "localhost"
        let serverPort = parts.queryItems?.first { $0.name == "port" }?.value ?? "\(parts.port ?? 5_432)"
        let user = parts.user ?? "postgres"
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "pgb-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        // Its account need not be ours.
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder.path)
        defer { try? FileManager.default.removeItem(at: folder) }
        // The port only names the socket's file, in a folder of its own.
        let port = 6_432
        let settings = folder.appending(path: "pgbouncer.ini")
        try """
        [databases]
        * = host=\(server) port=\(serverPort) user=\(user)
        [pgbouncer]
        listen_addr =
        listen_port = \(port)
        unix_socket_dir = \(folder.path)
        auth_type = any
        pool_mode = transaction
        default_pool_size = \(poolSize)
        \(more.map { "\($0.key) = \($0.value)" }.joined(separator: "\n"))
        """.write(to: settings, atomically: true, encoding: .utf8)
        let process = Process()
        process.executableURL = URL(filePath: program)
        // Under root it must be told whom to become: the server's account, whose socket folder it has to enter.
        let account = getpwnam("postgres") == nil ? "nobody" : "postgres"
        process.arguments = (geteuid() == 0 ? ["-u", account] : []) + [settings.path]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        // It holds nothing that would want an orderly end.
        defer { kill(process.processIdentifier, SIGKILL) }
        // The file is there before it listens.
        let deadline = ContinuousClock.now + .seconds(10)
        while !isListened(to: folder.appending(path: ".s.PGSQL.\(port)").path) {
            guard ContinuousClock.now < deadline, process.isRunning else {
                throw Failure(description: "PgBouncer does not listen; its settings are \(settings.path).")
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        return try await body(
            "host=\(folder.path) port=\(port) user=\(user) dbname=\(parts.path.dropFirst())")
    }

    private static func isListened(to path: String) -> Bool {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }
}
