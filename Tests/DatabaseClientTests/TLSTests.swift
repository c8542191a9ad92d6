import DatabaseClient
import DatabaseTesting
import EmbeddedPostgres
import Foundation
import Logging
import Testing

/// A server that is reached by TLS only, as every one across a network should be.
private struct TLSServer {
    let server: EmbeddedPostgres
    let host: String
    let certificate, key: String
    private let folder: String

    static func start() async throws -> TLSServer {
        let folder = "/tmp/grove-tls-\(UUID().uuidString.prefix(8).lowercased())"
        // One of the machine's sixteen million addresses for itself, so that nobody else has this port there.
        let host = "127.\(Int.random(in: 1...254)).\(Int.random(in: 1...254)).\(Int.random(in: 1...254))"
        let server = try await EmbeddedPostgres.start(
            .init(dataDirectory: folder, durable: false, settings: ["listen_addresses": host]))
        let cluster = "\(folder)/cluster"
        try await runProgram(
            "/usr/bin/env",
            [
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:\(host)",
                "-keyout", "\(cluster)/server.key", "-out", "\(cluster)/server.crt",
            ])
        for name in ["server.key", "server.crt"] { try await give("\(cluster)/\(name)", to: server) }
        let rules = "local all all trust\nhostssl all all all trust\nhostnossl all all all reject\n"
        try rules.write(toFile: "\(cluster)/pg_hba.conf", atomically: false, encoding: .utf8)
        let connection = try await DatabaseConnection.connect(server.connectionString())
        try await connection.query("ALTER SYSTEM SET ssl = on")
        try await connection.query("SELECT pg_reload_conf()")
        await connection.close()
        return TLSServer(
            server: server, host: host, certificate: "\(cluster)/server.crt", key: "\(cluster)/server.key",
            folder: folder)
    }

    func stop() async {
        await server.stop()
        await EmbeddedPostgres.remove(dataDirectory: folder)
        try? FileManager.default.removeItem(atPath: folder)
    }

    var port: Int { server.port }
    /// By its socket, without TLS.
    var direct: String { server.connectionString() }

    /// Nothing but TLS will do, and nobody but this server.
    func url(port: Int) -> String {
        "host=\(host) port=\(port) dbname=postgres user=postgres sslmode=verify-full sslrootcert=\(certificate)"
    }

    static func with(_ body: (TLSServer) async throws -> Void) async throws {
        let server = try await start()
        do {
            try await body(server)
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }
}

@Suite(.timeLimit(.minutes(2))) struct TLSTests {
    private static let text = Statement(
        name: "text", sql: "SELECT repeat('x', $1::int4) FROM generate_series(1, $2::int4)", access: .read)

    @Test func answersOfEverySizeArriveWhole() async throws {
        try await TLSServer.with { server in try await Self.readAll(from: server.url(port: server.port)) }
    }

    /// PostgreSQL's records of TLS have 8 KiB before version 17, a pooler's are as long as it likes.
    @Test func alsoThroughAPooler() async throws {
        try await TLSServer.with { server in
            let settings = [
                "listen_addr": server.host, "pkt_buf": "65536", "client_tls_sslmode": "require",
                "client_tls_key_file": server.key, "client_tls_cert_file": server.certificate,
            ]
            try await PgBouncer.run(before: server.direct, settings: settings) { _ in
                try await Self.readAll(from: server.url(port: 6_432), pooler: .transaction)
            }
        }
    }

    @Test func aServerOfAnotherNameIsRefused() async throws {
        try await TLSServer.with { server in
            let url = server.url(port: server.port) + " host=elsewhere.example hostaddr=\(server.host)"
            await #expect {
                _ = try await DatabaseConnection.connect(url)
            } throws: {
                "\($0)".contains("certificate") && "\($0)".contains("elsewhere.example")
            }
        }
    }

    private static func readAll(
        from url: String, pooler: Pooler = .none
    ) async throws {
        let database = Database(
            DatabaseConfiguration(connectionString: url, pooler: pooler), logger: Logger(label: "test"))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<16 {
                group.addTask {
                    for round in 0..<60 {
                        let (size, rows) = ((task * 60 + round) * 7_919 % 7_500, round)
                        let read = try await Self.read(size, rows, on: database)
                        #expect(read == size * rows)
                    }
                }
            }
            try await group.waitForAll()
        }
        for size in stride(from: 10, to: 600_000, by: 7_777) {
            let read = try await Self.read(size, 1, on: database)
            #expect(read == size)
        }
        await database.close()
    }

    private static func read(_ size: Int, _ rows: Int, on database: Database) async throws -> Int {
        var parameters = Parameters()
        try parameters.append(int4: size)
        try parameters.append(int4: rows)
        return try await database.execute(text, parameters).many { try $0.text(0).utf8.count }.reduce(0, +)
    }
}
