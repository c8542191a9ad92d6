import DatabaseClient
import DatabaseTesting
import Foundation
import Migrations
import Testing

/// Every fault is a real one, over a real socket.
@Suite(.timeLimit(.minutes(2))) struct DoctorTests {
    /// The only fault of an address, which must have one.
    private func fault(_ address: String) async throws -> Doctor.Finding {
        let findings = await Doctor(connectionString: address).examine()
        let faults = findings.filter { $0.state == .fault }
        #expect(faults.count == 1, "\(findings)")
        let fault = try #require(faults.first)
        #expect(!fault.advice.isEmpty)
        #expect(!fault.advice.contains("This tool does not know"), "\(fault)")
        return fault
    }

    private func tcp(_ user: String, _ parameters: String = "") -> String {
        "postgresql://\(user)@\(DoctorServer.host):5432/postgres\(parameters)"
    }

    @Test(arguments: [
        "nonsense", "postgresql://127.0.0.1:many/x", "postgresql://127.0.0.1/x?sslmode=perhaps",
        "postgresql://h/x?colour=red",
        "postgresql://a:%zz@h/x", "host='h", "postgresql://[::1/x",
    ])
    func anAddressThatCannotBeRead(_ address: String) async throws {
        let fault = try await fault(address)
        #expect(fault.step == "address", "\(fault)")
    }

    @Test func aNameThatNobodyKnows() async throws {
        let fault = try await fault("postgresql://a@no-such-host.invalid/x")
        #expect(fault.step == "name", "\(fault)")
        #expect(fault.message.contains("no-such-host.invalid"))
    }

    @Test func aPortWhereNobodyListens() async throws {
        let socket = try ListeningSocket()
        socket.close()
        let fault = try await fault("postgresql://a@127.0.0.1:\(socket.port)/x")
        #expect(fault.step == "port" && fault.advice.contains("nothing listens"), "\(fault)")
        let none = try await self.fault("postgresql://a@/x?host=/no/such/folder")
        #expect(none.step == "port" && none.advice.contains("no such socket"), "\(none)")
    }

    @Test func aServerThatNeverAnswers() async throws {
        let socket = try ListeningSocket()
        defer { socket.close() }
        let fault = try await fault("postgresql://a@127.0.0.1:\(socket.port)/x")
        #expect(fault.step == "port" && fault.advice.contains("Nothing came back"), "\(fault)")
    }

    @Test func aPortThatSpeaksSomethingElse() async throws {
        let socket = try ListeningSocket()
        defer { socket.close() }
        socket.answerOnce("HTTP/1.1 400 Bad Request\r\n\r\n")
        let fault = try await fault("postgresql://a@127.0.0.1:\(socket.port)/x?sslmode=require")
        #expect(fault.step == "server" && fault.advice.contains("does not speak"), "\(fault)")
    }

    @Test func encryptionThatIsAskedForOnOneSideOnly() async throws {
        _ = try await DoctorServer.shared.url()
        let unsupported = try await fault(tcp("keyed:right", "?sslmode=require"))
        #expect(unsupported.step == "TLS" && unsupported.advice.contains("has no TLS"), "\(unsupported)")
        let required = try await fault(tcp("encrypted:right", "?sslmode=disable"))
        #expect(required.step == "TLS" && required.advice.contains("only with TLS"), "\(required)")
        let certificate = try await fault(
            tcp("keyed:right", "?sslmode=verify-full&sslrootcert=/no/such/file"))
        #expect(certificate.step == "TLS", "\(certificate)")
    }

    @Test func aPasswordThatIsWrongOrNotThere() async throws {
        _ = try await DoctorServer.shared.url()
        let wrong = try await fault(tcp("keyed:wrong"))
        #expect(wrong.step == "login" && wrong.advice.contains("The password is wrong"), "\(wrong)")
        #expect(!wrong.message.contains("wrong"))
        let none = try await fault(tcp("keyed"))
        #expect(none.step == "login" && none.advice.contains("wants a password"), "\(none)")
        let findings = await Doctor(connectionString: tcp("keyed:right"), isOnCommandLine: true).examine()
        #expect(findings.contains { $0.step == "login" && $0.state == .well })
        #expect(findings.contains { $0.step == "password" && $0.message.contains("on the command line") })
    }

    @Test func aRoleOrADatabaseThatIsMissing() async throws {
        let server = try await DoctorServer.shared.url()
        let role = try await fault(server.replacing("postgres@", with: "ghost@"))
        #expect(role.step == "login" && role.advice.contains("no such role"), "\(role)")
        let database = try await fault(connectionString(server, withDatabase: "absent"))
        #expect(database.step == "database" && database.message.contains("absent"), "\(database)")
    }

    @Test func aDatabaseThatThisRoleMayNotEnter() async throws {
        let server = try await DoctorServer.shared.url()
        try await ScratchDatabase.with(server: server) { scratch in
            try await withConnection(scratch) {
                try await $0.script("REVOKE ALL ON DATABASE \(scratch.name) FROM PUBLIC")
            }
            let fault = try await fault(scratch.connectionString.replacing("postgres@", with: "reader@"))
            #expect(fault.step == "database" && fault.advice.contains("may not connect"), "\(fault)")
        }
    }

    @Test func tooManyConnections() async throws {
        let server = try await DoctorServer.shared.url()
        let narrow = try await fault(server.replacing("postgres@", with: "narrow@"))
        #expect(narrow.step == "connections", "\(narrow)")
        let reader = server.replacing("postgres@", with: "reader@")
        var taken: [DatabaseConnection] = []
        var all: Doctor.Finding
        // Other tests on this server may end a connection just as the last one is taken.
        repeat {
            while taken.count < 60, let one = try? await DatabaseConnection.connect(reader) {
                taken.append(one)
            }
            all = try await fault(reader)
        } while all.step != "connections" && taken.count < 60
        for one in taken { await one.close() }
        #expect(all.step == "connections" && all.advice.contains("All connections are taken"), "\(all)")
    }

    @Test func aPoolerInTheWay() async throws {
        try await withScratch { scratch in
            try await PgBouncer.run(before: scratch.connectionString) { address in
                let fault = try await fault(address)
                #expect(fault.step == "pooler" && fault.message.contains("share one backend"), "\(fault)")
                let options = try await self.fault("\(address) options='-c work_mem=1MB'")
                #expect(options.step == "pooler", "\(options)")
            }
            let direct = await Doctor(connectionString: scratch.connectionString).examine()
            #expect(!direct.contains { $0.step == "pooler" })
        }
    }

    @Test func rolesAndRightsThatAreMissing() async throws {
        let server = try await DoctorServer.shared.url()
        try await ScratchDatabase.with(server: server) { scratch in
            let fault = try await fault(scratch.connectionString)
            #expect(fault.message == "These roles are missing: grove_owner.", "\(fault)")
            try await withFolder(["contexts": "shop"]) { path in
                let folder = try MigrationFolder(path: path)
                let findings = await Doctor(
                    connectionString: scratch.connectionString, folder: folder
                ).examine()
                let missing = "These roles are missing: grove_owner, shop_service, shop_worker."
                #expect(findings.contains { $0.message == missing }, "\(findings)")
            }
        }
        // The roles are there, and nobody gave them this database.
        let shared = try await TestServer.shared.url()
        try await withScratch { _ in
            try await ScratchDatabase.with(server: shared) { scratch in
                let fault = try await fault(scratch.connectionString)
                #expect(fault.message == "grove_owner may not make a schema in this database.", "\(fault)")
            }
        }
    }

    /// What PostgreSQL gives every role, with the line that takes it away.
    @Test func whatRolesReachBesideTheirGrants() async throws {
        let cluster = try await TestCluster.dedicated()
        let folder = ["migrations/contexts": "shop"]
        try await withFolder(folder) { path in
            let folder = try MigrationFolder(path: "\(path)/migrations")
            try await cluster.withDatabase(fromTemplate: cluster.template(named: "reach") { _ in }) { name in
                let url = cluster.connectionString(database: name)
                func reach() async throws -> [Doctor.Finding] {
                    await Doctor(connectionString: url, folder: folder).examine().filter {
                        $0.step == "reach"
                    }
                }
                let superuser = try await DatabaseConnection.connect(url)
                try await folder.roles.create(connectionString: url)
                let open = try await reach().filter { $0.state == .warning }
                #expect(open.map(\.message).allSatisfy { $0.contains("other databases") }, "\(open)")
                let line = try #require(open.first?.advice.split(separator: ": ").last)
                try await superuser.script(String(line))
                try await superuser.script("GRANT EXECUTE ON FUNCTION pg_catalog.lo_create(oid) TO PUBLIC")
                let large = try await reach().filter { $0.state == .warning }
                #expect(large.map(\.message).allSatisfy { $0.contains("large objects") }, "\(large)")
                let other = try #require(large.first?.advice.split(separator: ": ").last)
                try await superuser.script(String(other))
                let closed = try await reach()
                #expect(closed.map(\.state) == [.well], "\(closed)")
                #expect(closed.first?.message.contains("its own password") == true)
                await superuser.close()
            }
        }
    }

    @Test func aDatabaseThatTakesNoWrites() async throws {
        try await withScratch { scratch in
            try await withConnection(scratch) {
                try await $0.script("ALTER DATABASE \(scratch.name) SET default_transaction_read_only = on")
            }
            let fault = try await fault(scratch.connectionString)
            #expect(fault.message == "Transactions are read only here.", "\(fault)")
        }
    }

    @Test func migrationsThatArePendingOrOdd() async throws {
        try await withMigrations(twoMigrations) { scratch, path in
            func findings() async throws -> [Doctor.Finding] {
                await Doctor(
                    connectionString: scratch.connectionString, folder: try MigrationFolder(path: path)
                ).examine()
            }
            try await makeMigrator(scratch, path).up(to: "20260101000000")
            let pending = try await findings().filter { $0.state == .fault }
            #expect(pending.map(\.message) == ["1 of 2 migrations are pending, from 20260102000000_prices."])
            try await makeMigrator(scratch, path).up()
            let well = try await findings()
            #expect(well.allSatisfy { $0.state == .well }, "\(well)")
            try write("-- Changed.", to: "20260101000000_shop.up.sql", in: path)
            let odd = try await findings().filter { $0.state == .fault }
            #expect(odd.map(\.message) == ["20260101000000_shop is edited."])
        }
    }

    @Test func anIndexThatIsInvalid() async throws {
        try await withScratch { scratch in
            try await withConnection(scratch) { connection in
                try await connection.script("CREATE TABLE t (n int); INSERT INTO t VALUES (1), (1)")
                _ = try? await connection.script("CREATE UNIQUE INDEX CONCURRENTLY t_n_key ON t (n)")
            }
            let findings = await Doctor(connectionString: scratch.connectionString).examine()
            #expect(
                findings.contains { $0.step == "indexes" && $0.message.contains("t_n_key") }, "\(findings)")
        }
    }

    /// The server is the same; what the schema was written for is not.
    @Test func aVersionOlderOrNewerThanTheSchemas() async throws {
        try await withScratch { scratch in
            for (majors, state) in [
                (13...14, Doctor.Finding.State.warning), (14...15, .well), (16...17, .fault),
            ] {
                let findings = await Doctor(
                    connectionString: scratch.connectionString, analysedMajors: majors
                ).examine()
                #expect(findings.first { $0.step == "server" }?.state == state)
            }
        }
    }
}
