import DatabaseClient
import Foundation
import GroveTesting
import ServiceKit
import StrictJSON
import Testing

/// The dev server as a newcomer meets it: start, log in, look; and what no start may stumble over.
@Suite struct DevServerTests {
    private func start(
        _ data: String, port: Int, mail: String = "smtp://127.0.0.1:2525"
    ) async throws -> ServiceProcess {
        let server = try ServiceProcess(
            "dev-server",
            [
                "--data", data, "--port", "\(port)", "--smtp", mail, "--migrations",
                Repository.root.appending(path: "migrations").path,
            ])
        // Its last line is printed when the demo's data is in.
        for _ in 0..<1_200 where !server.output.contains("Ctrl-C stops everything") {
            if kill(server.processID, 0) != 0 { break }
            try await Task.sleep(for: .milliseconds(100))
        }
        guard server.output.contains("Ctrl-C stops everything") else {
            throw ServiceProcess.Failure(description: server.output)
        }
        return server
    }

    /// The command lines of all processes that mention the folder.
    private func processes(of folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { entry in
            guard Int(entry) != nil, let line = try? Data(contentsOf: URL(filePath: "/proc/\(entry)/cmdline"))
            else {
                return nil
            }
            let text = String(decoding: line, as: UTF8.self)
            return text.contains(folder) ? text : nil
        }
    }

    /// The demo user's header and portfolio.
    private func logIn(_ url: String) async throws -> (headers: [String: String], portfolio: String) {
        let session = try await TestClient.shared.send(
            "POST", "\(url)/v1/sessions",
            body: #"{"email": "demo@example.com", "password": "grow a small forest"}"#)
        let headers = ["Authorization": "Bearer \(try #require(session.json["access_token"]?.string))"]
        let list = try await TestClient.shared.send("GET", "\(url)/v1/portfolios", headers: headers)
        let id = try #require(list.json["items"]?[0]?["id"]?.string, "\(list.text)")
        return (headers, "\(url)/v1/portfolios/\(id)")
    }

    private func valuation(_ url: String) async throws -> String {
        let (headers, portfolio) = try await logIn(url)
        let answer = try await TestClient.shared.send(
            "GET", "\(portfolio)/valuation?currency=CHF&day=2025-06-30", headers: headers)
        #expect(answer.status == 200, "\(answer.text)")
        return answer.text
    }

    @Test func itServesTheDemoOutlivesKillNineAndLeavesNothingBehind() async throws {
        let data = "/tmp/grove-dev-\(UUID().uuidString.prefix(8))"
        defer { try? FileManager.default.removeItem(atPath: data) }
        let port = try freePort()
        let url = "http://127.0.0.1:\(port)"

        let first = try await start(data, port: port)
        let before = try await valuation(url)
        try await importBarsAsThePrintedOperator(first.output, url)
        first.signal(SIGKILL)
        #expect(await first.exitCode() == -SIGKILL)

        let second = try await start(data, port: port)
        #expect(try await valuation(url) == before)
        second.signal(SIGINT)
        #expect(await second.exitCode() == 0, "\(second.output)")
        #expect(try processes(of: data) == [])
    }

    /// The log-in that the server prints carries the role.
    private func importBarsAsThePrintedOperator(_ output: String, _ url: String) async throws {
        let line = try #require(output.firstMatch(of: /operator  (\S+) +password: (.+)/))
        let session = try await TestClient.shared.send(
            "POST", "\(url)/v1/sessions", body: #"{"email": "\#(line.1)", "password": "\#(line.2)"}"#)
        let token = try #require(session.json["access_token"]?.string, "\(session.text)")
        let answer = try await TestClient.shared.send(
            "POST", "\(url)/v1/bar-imports?symbol=MSFT&source=YAHOO&currency=USD",
            headers: [
                "Authorization": "Bearer \(token)", "Idempotency-Key": "bars", "Content-Type": "text/csv",
            ], body: "Date,Open,High,Low,Close,Volume\n2024-01-31,410,415,409,412.5,1000\n")
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer.json["inserted"] == .number(1))
    }

    /// Until something holds, as it does soon: consumers look several times a second.
    private func eventually(_ what: String, _ holds: () async throws -> Bool) async throws {
        for _ in 0..<300 {
            if try await holds() { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        Issue.record("it never came to be: \(what)")
    }

    @Test func aBuyMovesAQuestAndTheLevelArrivesOnTheStreamAndByMail() async throws {
        let data = "/tmp/grove-dev-\(UUID().uuidString.prefix(8))"
        defer { try? FileManager.default.removeItem(atPath: data) }
        let mail = try await MailServer.start()
        let port = try freePort()
        let url = "http://127.0.0.1:\(port)"
        let server = try await start(data, port: port, mail: "smtp://127.0.0.1:\(mail.port)")
        let (headers, portfolio) = try await logIn(url)
        func progress() async throws -> String? {
            let answer = try await TestClient.shared.send("GET", "\(url)/v1/quests", headers: headers)
            guard case .array(let quests)? = answer.json["items"] else { return nil }
            return quests.first { $0["code"]?.string == "ten_instruments" }?["progress"]?.string
        }
        try await eventually("seven instruments are counted") { try await progress() == "7" }
        let stream = try ServiceProcess(
            tool: "curl",
            [
                "--silent", "--no-buffer", "\(url)/v1/notifications/stream", "--header",
                "Authorization: \(try #require(headers["Authorization"]))",
            ], in: URL(filePath: "/tmp"))
        try await eventually("the stream is open") { stream.output.contains("event: unread") }
        #expect(!stream.output.contains("You reached level 3"))

        // What a person made up would earn nothing.
        try await importBarsAsThePrintedOperator(server.output, url)
        let bought = try await TestClient.shared.send(
            "POST", "\(portfolio)/transactions",
            headers: headers.merging(["Idempotency-Key": "one", "X-Request-Id": "abc"]) { $1 },
            body: """
                {"type": "buy", "executed_at": "2026-11-20T10:00:00Z", "quantity": "1", "unit_price": "100",
                 "instrument": {"symbol": "MSFT", "source": "YAHOO"}}
                """)
        #expect(bought.status == 201, "\(bought.text)")
        try await eventually("the quest has moved") { try await progress() == "8" }
        try await eventually("the stream has told") { stream.output.contains("You reached level 3") }
        try await eventually("the mail has come") {
            mail.received.contains {
                $0.recipients == ["demo@example.com"] && $0.header("Subject") == "You reached level 3"
            }
        }
        try await checkTheTrace(of: "abc", in: server)
        let ids = mail.received.compactMap { $0.header("Message-ID") }
        #expect(Set(ids).count == ids.count)

        // An open stream is no reason to go on.
        server.signal(SIGINT)
        #expect(await server.exitCode() == 0, "\(server.output)")
        _ = await stream.exitCode()
        await mail.stop()
    }

    /// The id of the request stands on whatever followed from it, in three contexts.
    private func checkTheTrace(of request: String, in server: ServiceProcess) async throws {
        let url = try #require(server.output.firstMatch(of: /psql +psql '([^']+)'/))
        let owner = try await DatabaseConnection.connect(String(url.1))
        let events = try await owner.query(
            "SELECT DISTINCT type FROM platform.events WHERE request_id = '\(request)' ORDER BY 1"
        ).many { try $0.text(0) }
        let experience = try await owner.query(
            "SELECT reason::text FROM gamification.experience_entries WHERE request_id = '\(request)'"
        ).many { try $0.text(0) }
        let messages = try await owner.query(
            "SELECT template FROM notifications.notifications WHERE request_id = '\(request)'"
        ).many { try $0.text(0) }
        await owner.close()
        for type in ["transaction.posted", "experience.granted", "level.reached"] {
            #expect(events.contains(type), "\(events)")
        }
        #expect(!experience.isEmpty)
        #expect(messages.contains("level.reached"), "\(messages)")
    }

    @Test func twoThatBeginAtOnceOnAFreshFolderShareIt() async throws {
        let data = "/tmp/grove-dev-\(UUID().uuidString.prefix(8))"
        defer { try? FileManager.default.removeItem(atPath: data) }
        let ports = [try freePort(), try freePort()]
        async let first = start(data, port: ports[0])
        async let second = start(data, port: ports[1])
        let servers = try await [first, second]
        let valuations = try await [
            valuation("http://127.0.0.1:\(ports[0])"), valuation("http://127.0.0.1:\(ports[1])"),
        ]
        #expect(valuations[0] == valuations[1])
        for server in servers { server.signal(SIGTERM) }
        for server in servers { #expect(await server.exitCode() == 0, "\(server.output)") }
    }

    @Test func aSecondServerOnTheSamePortSaysSo() async throws {
        let data = "/tmp/grove-dev-\(UUID().uuidString.prefix(8))"
        defer { try? FileManager.default.removeItem(atPath: data) }
        let port = try freePort()
        let first = try await start(data, port: port)
        let second = try ServiceProcess(
            "dev-server", ["--data", "\(data)-2", "--port", "\(port)", "--empty"])
        #expect(await second.exitCode() == 1)
        #expect(second.output.contains("\(port)"), "\(second.output)")
        try? FileManager.default.removeItem(atPath: "\(data)-2")
        first.signal(SIGTERM)
        #expect(await first.exitCode() == 0)
    }
}
