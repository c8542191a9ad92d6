import Foundation

/// What a person at the terminal is told; standard output, a line at a time.
struct Console: Sendable {
    func say(_ line: String) { write(line, to: .standardOutput) }

    func step(_ line: String) { say("▸ \(line)") }

    func detail(_ line: String) { say("    \(line)") }

    func fail(_ line: String) { write("✗ \(line)", to: .standardError) }

    private func write(_ line: String, to file: FileHandle) {
        // A terminal that was closed is no reason to stop serving.
        try? file.write(contentsOf: Data((line + "\n").utf8))
    }
}
