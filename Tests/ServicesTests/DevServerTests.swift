import Foundation
import GroveTesting
import ServiceKit
import Testing

/// The dev server as a newcomer meets it: start, log in, look; and what no start may stumble over.
@Suite struct DevServerTests {
    private func start(_ data: String, port: Int) async throws -> ServiceProcess {
        let server = try ServiceProcess(
            "dev-server",
            [
                "--data", data, "--port", "\(port)", "--migrations",
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

    private func valuation(_ url: String) async throws -> String {
        let session = try await TestClient.shared.send(
            "POST", "\(url)/v1/sessions",
            body: #"{"email": "demo@example.com", "password": "grow a small forest"}"#)
        let headers = ["Authorization": "Bearer \(try #require(session.json["access_token"]?.string))"]
        let list = try await TestClient.shared.send("GET", "\(url)/v1/portfolios", headers: headers)
        let id = try #require(list.json["items"]?[0]?["id"]?.string, "\(list.text)")
        let answer = try await TestClient.shared.send(
            "GET", "\(url)/v1/portfolios/\(id)/valuation?currency=CHF&day=2025-06-30", headers: headers)
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
        first.signal(SIGKILL)
        #expect(await first.exitCode() == -SIGKILL)

        let second = try await start(data, port: port)
        #expect(try await valuation(url) == before)
        second.signal(SIGINT)
        #expect(await second.exitCode() == 0, "\(second.output)")
        #expect(try processes(of: data) == [])
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
