import Foundation

/// A server of this folder in Python, in a process of its own: it says the port that it listens on, and then a line of
/// JSON for each thing that it gets.
public struct TestScript: Sendable {
    public let port: Int
    private let process: ServiceProcess

    /// Starts it, and waits until it listens.
    public static func start(_ name: String, port: Int, _ options: [String]) async throws -> TestScript {
        let script = Repository.root.appending(path: "Tests/GroveTesting/\(name)")
        let process = try ServiceProcess(
            tool: "python3", [script.path, "--port", "\(port)"] + options, in: URL(filePath: "/tmp"))
        for _ in 0..<1_000 {
            if let line = process.output.split(separator: "\n").first(where: { $0.hasPrefix("listening on ") }
            ),
                let port = Int(line.dropFirst(13))
            {
                return TestScript(port: port, process: process)
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw ServiceProcess.Failure(description: "\(name) did not start:\n\(process.output)")
    }

    /// What it has got so far. A line that is being written is not there yet.
    public func records<Record: Decodable>(_ type: Record.Type) -> [Record] {
        process.output.split(separator: "\n").compactMap { line in
            try? JSONDecoder().decode(Record.self, from: Data(line.utf8))
        }
    }

    /// Kills it.
    public func stop() async {
        process.signal(SIGKILL)
        _ = await process.exitCode()
    }
}
