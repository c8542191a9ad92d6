import Foundation
import Synchronization

/// One of the executables of this repository, run as a process of its own.
public final class ServiceProcess: Sendable {
    public struct Failure: Error, CustomStringConvertible {
        public let description: String

        public init(description: String) { self.description = description }
    }

    public let processID: pid_t
    private let outputFile: URL
    private let process: Mutex<Process>
    private let exit: Task<Int32, Never>

    /// Starts a product that the test run has built, as `portfolios-service`.
    /// - Parameter environment: all that the process gets, beside the PATH.
    public convenience init(
        _ product: String, _ arguments: [String] = [], environment: [String: String] = [:]
    ) throws {
        try self.init(
            executable: Self.productFolder.appending(path: product), arguments, environment: environment)
    }

    /// Starts a tool that is found by the PATH, as `schemathesis`.
    /// - Parameter folder: where it runs, and leaves whatever it leaves.
    public convenience init(
        tool: String, _ arguments: [String] = [], environment: [String: String] = [:], in folder: URL
    ) throws {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        let candidates = folders.map { URL(filePath: String($0)).appending(path: tool) }
        guard let found = candidates.first(where: { FileManager.default.isExecutableFile(atPath: $0.path) })
        else {
            throw Failure(description: "\(tool) is not installed: run the tests by scripts/test")
        }
        try self.init(executable: found, arguments, environment: environment, folder: folder)
    }

    private init(
        executable: URL, _ arguments: [String], environment: [String: String], folder: URL? = nil
    ) throws {
        outputFile = FileManager.default.temporaryDirectory
            .appending(path: "grove-\(executable.lastPathComponent)-\(UUID()).log")
        try Data().write(to: outputFile)
        let child = Process()
        child.executableURL = executable
        child.arguments = arguments
        child.currentDirectoryURL = folder
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        child.environment = ["PATH": path].merging(environment) { $1 }
        let output = try FileHandle(forWritingTo: outputFile)
        child.standardOutput = output
        child.standardError = output
        child.standardInput = FileHandle.nullDevice
        let (codes, continuation) = AsyncStream<Int32>.makeStream()
        child.terminationHandler = { ended in
            let isExit = ended.terminationReason == .exit
            continuation.yield(isExit ? ended.terminationStatus : -ended.terminationStatus)
            continuation.finish()
        }
        try child.run()
        processID = child.processIdentifier
        process = Mutex(child)
        exit = Task {
            for await code in codes { return code }
            return -1
        }
    }

    deinit {
        // A test that failed half-way leaves nothing behind.
        kill(processID, SIGKILL)
        try? FileManager.default.removeItem(at: outputFile)
    }

    /// The products lie beside the test bundle; `scripts/bench abuse` measures those of a release build.
    static var productFolder: URL {
        if let folder = ProcessInfo.processInfo.environment["GROVE_PRODUCTS"] { return URL(filePath: folder) }
        return URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
            .deletingLastPathComponent()
    }

    /// All that it has printed so far.
    public var output: String { (try? String(contentsOf: outputFile, encoding: .utf8)) ?? "" }

    public func signal(_ number: Int32) { kill(processID, number) }

    /// Waits for its end: the exit code, or minus the signal that ended it.
    public func exitCode() async -> Int32 { await exit.value }

    /// Waits until it answers 200 on a path.
    public func waitUntilReady(_ url: String, within limit: Duration = .seconds(60)) async throws {
        let deadline = ContinuousClock.now.advanced(by: limit)
        while ContinuousClock.now < deadline {
            if let answer = try? await TestClient.shared.send("GET", url), answer.status == 200 { return }
            if kill(processID, 0) != 0 { throw Failure(description: "it ended early:\n\(output)") }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw Failure(description: "not ready within \(limit):\n\(output)")
    }
}
