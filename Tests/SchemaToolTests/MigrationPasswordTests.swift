import DatabaseClient
import Foundation
import Testing

@testable import Migrations

struct MigrationPasswordTests {
    @Test(
        arguments: [
            (
                "postgresql://a:b%40c@h:5432/x?sslmode=require", "postgresql://a@h:5432/x?sslmode=require",
                "b@c"
            ),
            ("postgres://h/x?password=p%20q&port=1", "postgres://h/x?port=1", "p q"),
            ("postgresql://a@/x?host=%2Ftmp%2Fs", "postgresql://a@/x?host=%2Ftmp%2Fs", nil),
            ("postgresql:///x?options=a:b@c", "postgresql:///x?options=a:b@c", nil),
            ("host=h password='it\\'s a word' dbname=x", "host=h  dbname=x", "it's a word"),
            ("password = secret host=h", "host=h", "secret"),
            ("host=h passfile=/p", "host=h passfile=/p", nil),
        ] as [(String, String, String?)])
    func standsApartFromTheAddress(_ text: String, _ address: String, _ password: String?) {
        let parts = ConnectionPassword(separating: text)
        #expect(parts.address == address)
        #expect(parts.password == password)
    }

    /// pg_dump is held by a lock while everybody's view of it is read.
    @Test func isNotInTheCommandLineOfPgDump() async throws {
        try await withScratch { database in
            let address = database.connectionString.replacing("postgres@", with: "postgres:s3cr3t@")
            try await withConnection(database) { connection in
                try await connection.script("CREATE TABLE held ()")
                try await connection.script("BEGIN; LOCK TABLE held")
                async let dump = CatalogDump.read(connectionString: address, includingRights: false)
                var line: String?
                while line == nil {
                    line = Self.commandLines().first {
                        $0.contains("pg_dump") && $0.contains(database.name)
                    }
                    try await Task.sleep(for: .milliseconds(5))
                }
                #expect(line?.contains("s3cr3t") == false)
                try await connection.script("COMMIT")
                let text = try await dump
                #expect(text.contains("CREATE TABLE public.held"))
            }
        }
    }

    /// pg_dump may not ask, so it logs in by what it was given or not at all.
    @Test func reachesPgDumpAllTheSame() async throws {
        _ = try await DoctorServer.shared.url()
        let address = "postgresql://keyed:right@\(DoctorServer.host):5432/postgres"
        let text = try await CatalogDump.read(connectionString: address, includingRights: false)
        #expect(!text.contains("CREATE TABLE"))
        let invocation = CatalogDump.Invocation(address, includingRights: false, inherited: ["A": "b"])
        #expect(invocation.environment == ["A": "b", "PGPASSWORD": "right"])
        #expect(!invocation.arguments.contains { $0.contains("right") })
    }

    private static func commandLines() -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.filter { Int($0) != nil }.compactMap { name in
            FileManager.default.contents(atPath: "/proc/\(name)/cmdline").map {
                String(decoding: $0, as: UTF8.self).replacing("\0", with: " ")
            }
        }
    }
}
