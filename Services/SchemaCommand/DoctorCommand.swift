import ArgumentParser
import Foundation
import Migrations

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Connects step by step, and says in words what is wrong and what to do.",
        discussion: """
            The address, the host's name, the port, TLS, the login, the database, the server's version and \
            state, a pooler in the way, the roles, the migrations. It changes nothing. Exit code 1 when \
            something is wrong; a warning alone is 0.
            """)

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var files: FolderOptions

    @Flag(help: "One JSON array instead of lines.")
    var json = false

    func run() async throws {
        let url = try database.connectionString()
        // A service's machine may have no folder of migrations; the rest can be said all the same.
        let exists = FileManager.default.fileExists(atPath: files.migrations)
        let doctor = Doctor(
            connectionString: url, folder: exists ? try files.folder() : nil,
            isOnCommandLine: database.databaseURL != nil)
        let findings = await doctor.examine()
        if json {
            try printJSON(findings)
        } else {
            for finding in findings {
                let sign = [.well: "ok     ", .warning: "warning", .fault: "WRONG  "][finding.state] ?? ""
                print("\(sign)  \(finding.step): \(finding.message)")
                if !finding.advice.isEmpty { print("         \(finding.advice)") }
            }
            if !exists {
                print("         There is no folder \(files.migrations): migrations were not looked at.")
            }
        }
        if findings.contains(where: { $0.state == .fault }) { throw ExitCode(1) }
    }
}
