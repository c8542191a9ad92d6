import DatabaseClient
import EmbeddedPostgres
import Foundation
import Logging
import Testing

/// A server that is reached by TLS only, as every one across a network should be.
private struct TLSServer {
    let server: EmbeddedPostgres
    let host: String
    let certificate: String
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
            server: server, host: host, certificate: "\(cluster)/server.crt", folder: folder)
    }

    func stop() async {
        await server.stop()
        await EmbeddedPostgres.remove(dataDirectory: folder)
        try? FileManager.default.removeItem(atPath: folder)
    }

    func url(_ more: String = "") -> String {
        "host=\(host) port=\(server.port) dbname=postgres user=postgres sslmode=verify-full "
            + "sslrootcert=\(certificate) \(more)"
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
        name: "text", sql: "SELECT repeat('x', $1::int4), ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
        access: .read)

    /// TLS arrives in records of up to 16 KiB, of which a reader may take a part: then the rest lies in the library, and
    /// the socket has nothing more to tell.
    @Test func answersOfEverySizeArriveWhole() async throws {
        try await TLSServer.with { server in
            let database = Database(
                DatabaseConfiguration(connectionString: server.url()), logger: Logger(label: "test"))
            for size in [1, 4_000, 8_191, 8_192] + Array(stride(from: 9_000, to: 80_000, by: 777)) {
                let answer = await within(.seconds(5)) { try await Self.read(size, on: database) }
                #expect(try answer.get() == size)
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<16 {
                    group.addTask {
                        for round in 0..<40 {
                            let size = (task * 40 + round) * 7_919 % 70_000
                            let read = try await Self.read(size, on: database)
                            #expect(read == size)
                        }
                    }
                }
                try await group.waitForAll()
            }
            await database.close()
        }
    }

    private static func read(_ size: Int, on database: Database) async throws -> Int {
        var parameters = Parameters()
        try parameters.append(int4: size)
        return try await database.execute(text, parameters).one { row in
            let isEncrypted = try row.bool(1)
            #expect(isEncrypted)
            return try row.text(0).utf8.count
        }
    }
}
