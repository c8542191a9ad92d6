import Foundation

/// Everything that must be known before a server can be started: where, as whom, with which programs and how.
struct Cluster: Sendable {
    let folder: DataFolder
    let account: ServerAccount
    let binaries: ServerBinaries
    let sockets: SocketDirectory
    let durable: Bool
    let settings: [String: String]

    init(_ configuration: EmbeddedPostgres.Configuration) throws {
        (folder, account) = try DataFolder.prepare(
            at: configuration.dataDirectory ?? DataFolder.defaultPath())
        // A cluster can be opened only by the major version that made it.
        let major = try folder.clusterMajor()
        binaries =
            try configuration.binaries.map {
                try ServerBinaries.find(major: major, path: $0, packageFolders: [])
            }
            ?? ServerBinaries.find(major: major)
        sockets = SocketDirectory(for: folder, account: account)
        durable = configuration.durable
        settings = configuration.settings
    }

    /// The command line of the server.
    func serverCommand() throws -> [String] {
        var parameters = [
            "listen_addresses": "", "unix_socket_directories": sockets.path,
            "port": "\(SocketDirectory.port)",
            "max_connections": "200", "timezone": "UTC", "log_timezone": "UTC", "lc_messages": "C",
        ]
        if !durable {
            for name in ["fsync", "synchronous_commit", "full_page_writes"] { parameters[name] = "off" }
        }
        parameters.merge(settings) { _, chosen in chosen }
        let options = parameters.sorted { $0.key < $1.key }.flatMap { ["-c", "\($0.key)=\($0.value)"] }
        return try account.command(
            [binaries.path(of: "postgres"), "-D", folder.cluster] + options, in: folder.path)
    }

    /// The command line that makes a cluster in `temporary`. Collation is by code point, which is the same on
    /// every machine; messages are English, because `Supervisor` reads some.
    func initdbCommand(into temporary: String) throws -> [String] {
        var arguments = try [
            binaries.path(of: "initdb"), "-D", temporary, "--username=postgres", "--encoding=UTF8",
            "--locale=\(Self.locale)", "--lc-messages=C", "--data-checksums", "--auth-local=trust",
            "--auth-host=reject", "--no-instructions",
        ]
        if !durable { arguments.append("--no-sync") }
        return try account.command(arguments, in: folder.path)
    }

    /// The processes of a server on this cluster, the postmaster or what it left.
    func runningProcesses() -> [pid_t] { ClusterProcesses.all(of: folder.cluster) }

    private static var locale: String {
        guard let found = newlocale(LC_CTYPE_MASK, "C.UTF-8", nil) else { return "C" }
        freelocale(found)
        return "C.UTF-8"
    }
}
