import Foundation
import Testing

@testable import EmbeddedPostgres

/// A path for the data folder of one test, which the server's account may reach, and which is gone
/// afterwards.
///
/// Most tests begin with a copy of one cluster, because `initdb` takes a second of a processor each time.
func withScratchFolder<T>(initialised: Bool = true, _ body: (String) async throws -> T) async throws -> T {
    let path = "/tmp/grove-embedded-tests-\(UUID().uuidString.prefix(8))"
    if initialised { _ = try await run(["cp", "-a", try await Original.shared.value.path, path]) }
    let result: Result<T, any Error>
    do { result = .success(try await body(path)) } catch { result = .failure(error) }
    // Also the folder of the sockets, which a server that stopped with its parent leaves.
    await EmbeddedPostgres.remove(dataDirectory: path)
    try? FileManager.default.removeItem(atPath: path)
    return try result.get()
}

/// Starts a server for the time of `body`. One that is not durable is faster, and forgets its last commits
/// when it is killed.
func withServer<T>(
    _ path: String, durable: Bool = false, settings: [String: String] = [:],
    _ body: (EmbeddedPostgres) async throws -> T
) async throws -> T {
    let server = try await EmbeddedPostgres.start(
        .init(dataDirectory: path, durable: durable, settings: settings))
    do {
        let result = try await body(server)
        await server.stop()
        return result
    } catch {
        await server.stop()
        throw error
    }
}

struct CommandFailed: Error { let text: String }

/// What `psql` prints; the server is asked by a client that knows nothing of our code.
func psql(_ connection: String, _ sql: String) async throws -> String {
    let arguments = ["psql", "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql, connection]
    let (status, output) = try await run(arguments)
    guard status == 0 else { throw CommandFailed(text: output) }
    return output
}

func expect(
    _ server: EmbeddedPostgres, _ sql: String, gives answer: String,
    sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    let found = try await psql(server.connectionString(), sql)
    #expect(found == answer, sourceLocation: sourceLocation)
}

/// Runs a program that prints little, without blocking a thread of the cooperative pool.
func run(_ arguments: [String]) async throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    let status = try await withCheckedThrowingContinuation { continuation in
        process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
        do { try process.run() } catch { continuation.resume(throwing: error) }
    }
    let output = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    return (status, output.trimmingCharacters(in: .whitespacesAndNewlines))
}

/// Asks again until the answer is yes; the limit only ends a test that would never end.
func eventually(_ condition: () async throws -> Bool) async rethrows -> Bool {
    for _ in 0..<1200 {
        if try await condition() { return true }
        try? await Task.sleep(for: .milliseconds(50))
    }
    return false
}

/// The processes that still have this data folder's cluster open.
func processes(of path: String) -> [pid_t] { ClusterProcesses.all(of: "\(path)/cluster") }

func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

/// Whether `initdb` is at work in this data folder, far from done.
func isInitialising(_ path: String) -> Bool {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.contains { $0.hasPrefix("initdb-") && exists("\(path)/\($0)/base") }
}

/// A data folder with a new cluster, made once for the tests of this process.
private struct Original {
    let path: String
    /// Tells the test runs beside this one that the folder is in use.
    let lock: FileHandle?

    static let shared = Task {
        let parent = "/tmp/grove-embedded-originals"
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
        for name in try FileManager.default.contentsOfDirectory(atPath: parent) {
            await EmbeddedPostgres.remove(dataDirectory: "\(parent)/\(name)")
        }
        let path = "\(parent)/\(UUID().uuidString.prefix(8))"
        try await withServer(path) { _ in }
        return Original(path: path, lock: try DataFolder(path: path).tryLock())
    }
}
