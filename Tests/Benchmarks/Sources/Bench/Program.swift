import Foundation

/// Something that keeps the benchmark from being one.
struct BenchFailure: Error, CustomStringConvertible {
    let message: String
    var description: String { message }
}

extension Measurement {
    /// Reads the line of JSON that a contender printed.
    init(json output: String) throws {
        do {
            self = try JSONDecoder().decode(Measurement.self, from: Data(output.utf8))
        } catch {
            throw BenchFailure(message: "This is not a measurement: \(output)")
        }
    }
}

/// Runs a program to its end and gives what it printed.
/// - Throws: ``BenchFailure`` with its words when it fails.
func run(_ command: [String]) async throws -> String {
    try await withCheckedThrowingContinuation { continuation in
        // A thread of its own: waiting for a program would block one of the cooperative pool.
        Thread.detachNewThread {
            // The child inherits the mask, and threads of the runtime block SIGALRM, by which pgbench ends.
            var none = sigset_t()
            sigemptyset(&none)
            pthread_sigmask(SIG_SETMASK, &none, nil)
            continuation.resume(
                with: Result {
                    let process = Process()
                    process.executableURL = URL(fileURLWithPath: command[0])
                    process.arguments = Array(command.dropFirst())
                    let output = Pipe()
                    process.standardOutput = output
                    try process.run()
                    let data = try output.fileHandleForReading.readToEnd() ?? Data()
                    process.waitUntilExit()
                    guard process.terminationStatus == 0 else {
                        throw BenchFailure(
                            message: "\(command.joined(separator: " ")) ended with status "
                                + "\(process.terminationStatus).")
                    }
                    return String(decoding: data, as: UTF8.self)
                })
        }
    }
}

/// A program that goes on until it is stopped, by the end of its standard input.
final class BackgroundProgram {
    private let process = Process()
    private let input = Pipe()

    init(_ command: [String]) throws {
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        process.standardInput = input
        process.standardOutput = FileHandle.standardError
        try process.run()
    }

    var isRunning: Bool { process.isRunning }

    func stop() async {
        try? input.fileHandleForWriting.close()
        while process.isRunning { try? await Task.sleep(for: .milliseconds(5)) }
    }
}
