import EmbeddedPostgres
import Foundation

/// A program that ended badly, and what it said.
struct ProgramFailure: Error { let program: String, output: String }

func runProgram(_ program: String, _ arguments: [String]) async throws {
    let output = Pipe()
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = output
    let status = try await withCheckedThrowingContinuation {
        (ended: CheckedContinuation<Int32, any Error>) in
        process.terminationHandler = { ended.resume(returning: $0.terminationStatus) }
        do { try process.run() } catch { ended.resume(throwing: error) }
    }
    guard status == 0 else {
        let text = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        throw ProgramFailure(program: program, output: text)
    }
}

/// Makes a file or a folder the server account's own: under root that is another than the test's.
func give(_ path: String, to server: EmbeddedPostgres) async throws {
    let owner = try FileManager.default.attributesOfItem(atPath: "\(server.dataDirectory)/cluster")
    let account = "\(owner[.ownerAccountID] ?? 0):\(owner[.groupOwnerAccountID] ?? 0)"
    try await runProgram("/bin/chown", ["-R", account, path])
}
