import DatabaseClient
import EmbeddedPostgres
import Foundation
import Migrations

/// A cluster for what a doctor meets: passwords, TCP without TLS, and few connections.
actor DoctorServer {
    static let shared = DoctorServer()

    /// An address of the loopback network that nobody else listens on, since the port is always the same.
    static let host = "127.83.\(getpid() / 250 % 250).\(getpid() % 250 + 1)"

    private var start: Task<EmbeddedPostgres, any Error>?

    /// The connection string of a superuser, by the socket.
    func url() async throws -> String {
        let start = self.start ?? Task { try await Self.make() }
        self.start = start
        return try await start.value.connectionString()
    }

    private static func make() async throws -> EmbeddedPostgres {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "grove-schema-tests-\(getpid())-doctor").path
        let server = try await EmbeddedPostgres.start(
            .init(
                dataDirectory: folder, durable: false,
                settings: ["listen_addresses": host, "max_connections": "40"]))
        // Written into the file as it is, which must stay the server account's own.
        let file = try FileHandle(forWritingTo: URL(filePath: "\(server.dataDirectory)/cluster/pg_hba.conf"))
        try file.truncate(atOffset: 0)
        try file.write(
            contentsOf: Data(
                """
                local all postgres trust
                local all ghost trust
                local all keyed scram-sha-256
                local all all trust
                host all keyed 127.0.0.0/8 scram-sha-256
                hostssl all encrypted 127.0.0.0/8 scram-sha-256

                """.utf8))
        try file.close()
        let connection = try await DatabaseConnection.connect(server.connectionString())
        try await connection.script(
            """
            CREATE ROLE keyed LOGIN PASSWORD 'right'; CREATE ROLE encrypted LOGIN PASSWORD 'right';
            CREATE ROLE narrow LOGIN CONNECTION LIMIT 0; CREATE ROLE reader LOGIN;
            SELECT pg_reload_conf();
            """)
        await connection.close()
        // The postmaster reads the file when it gets the signal, not when it answers.
        for _ in 0..<100 {
            let address = server.connectionString().replacing("postgres@", with: "keyed@")
            guard let open = try? await DatabaseConnection.connect(address) else { break }
            await open.close()
            try await Task.sleep(for: .milliseconds(20))
        }
        return server
    }
}

/// A socket of ours on a free port of the loopback.
struct ListeningSocket {
    let port: Int
    private let descriptor: Int32

    init() throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                bind(descriptor, raw, length) == 0 && listen(descriptor, 8) == 0
                    && getsockname(descriptor, raw, &length) == 0
            }
        }
        guard bound else { throw MigrationError.unreachable("no socket: \(errno)") }
        self.descriptor = descriptor
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    /// Takes one client and answers `text`, whatever it says.
    func answerOnce(_ text: String) {
        let listening = descriptor
        Thread {
            let client = accept(listening, nil, nil)
            var buffer = [UInt8](repeating: 0, count: 256)
            _ = read(client, &buffer, buffer.count)
            let bytes = Array(text.utf8)
            _ = write(client, bytes, bytes.count)
            Glibc.close(client)
        }.start()
    }

    func close() { Glibc.close(descriptor) }
}
