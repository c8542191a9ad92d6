import DatabaseClient
import Foundation

/// Connects step by step and says in words what is wrong with a database, and what to do. Changes nothing.
public struct Doctor: Sendable {
    public struct Finding: Sendable, Hashable, Codable {
        public enum State: String, Sendable, Codable { case well, warning, fault }

        /// `address`, `name`, `port`, `TLS`, `login`, `database`, `connections`, `server`, `pooler`, `roles`,
        /// `reach`, `migrations`, `indexes` or `password`.
        public let step: String
        public let state: State
        public let message: String
        /// What to do; empty where all is well.
        public let advice: String
    }

    /// The major versions whose analysed trees `schema generate` can read.
    public static let analysedMajors = 15...16

    let connectionString: String
    let folder: MigrationFolder?
    let isOnCommandLine: Bool
    let analysedMajors: ClosedRange<Int>

    /// - Parameters:
    ///   - folder: the migrations that the database should have; nil leaves them out.
    ///   - isOnCommandLine: whether the address was given as an argument, which everybody on the machine
    ///     reads.
    ///   - analysedMajors: the versions that the schema was written for.
    public init(
        connectionString: String, folder: MigrationFolder? = nil, isOnCommandLine: Bool = false,
        analysedMajors: ClosedRange<Int> = Doctor.analysedMajors
    ) {
        self.connectionString = connectionString
        self.folder = folder
        self.isOnCommandLine = isOnCommandLine
        self.analysedMajors = analysedMajors
    }

    /// Everything that was looked at, up to the first step that stops the next.
    public func examine() async -> [Finding] {
        guard connectionString.contains("://") || connectionString.contains("=") else {
            // libpq would take it for the name of a database on this machine.
            let words = "missing \"=\" after \"\(connectionString)\" in connection info string"
            return [finding("address", .fault, words, ConnectionFault(words).advice)]
        }
        var findings = password()
        let connection: DatabaseConnection
        do {
            connection = try await DatabaseConnection.connect(connectionString)
        } catch {
            var words = "\(error)"
            if case .unavailable(let reason)? = error as? DatabaseError { words = reason }
            let fault = ConnectionFault(words)
            return findings + [finding(fault.step, .fault, withoutPassword(words), fault.advice)]
        }
        do {
            let session = Session(connection: connection)
            findings.append(try await connected(session))
            findings += try await server(session)
            findings += try await pooler(session)
            findings += try await connections(session)
            findings += try await roles(session)
            findings += try await reach(session)
            findings += try await indexes(session)
        } catch {
            findings.append(
                finding(
                    "server", .fault, "It answered, and then refused a question: \(error)", "See its log."))
        }
        await connection.close()
        return findings + (await migrations())
    }

    func finding(_ step: String, _ state: Finding.State, _ message: String, _ advice: String = "") -> Finding
    {
        Finding(step: step, state: state, message: message, advice: advice)
    }

    /// libpq quotes the address where it cannot read it.
    private func withoutPassword(_ words: String) -> String {
        let one = words.split(separator: "\n").joined(separator: " ")
        guard let password = ConnectionPassword(separating: connectionString).password, !password.isEmpty
        else {
            return one
        }
        return one.replacing(password, with: "…")
    }

    private func password() -> [Finding] {
        var findings: [Finding] = []
        if let password = ConnectionPassword(separating: connectionString).password, !password.isEmpty {
            findings.append(
                finding(
                    "password", .warning,
                    isOnCommandLine
                        ? "The password stands on the command line, where everybody on this machine reads it."
                        : "The password stands in the address, and comes along wherever that is logged.",
                    "Leave it out of the address: PGPASSWORD, or a ~/.pgpass of mode 600, holds it."))
        }
        let environment = ProcessInfo.processInfo.environment
        let file = environment["PGPASSFILE"] ?? environment["HOME"].map { "\($0)/.pgpass" } ?? ""
        let attributes = try? FileManager.default.attributesOfItem(atPath: file)
        if let mode = attributes?[.posixPermissions] as? Int, mode & 0o077 != 0 {
            findings.append(
                finding(
                    "password", .warning, "\(file) can be read by others, so libpq does not use it.",
                    "chmod 600 \(file)"))
        }
        return findings
    }

    /// `.migrations` has a session of its own, by the same way as `schema migrate status`.
    private func migrations() async -> [Finding] {
        guard let folder else { return [] }
        do {
            let statuses = try await Migrator(connectionString: connectionString, folder: folder).status()
            let pending = statuses.filter { $0.state == .pending }
            let odd = statuses.filter { [.edited, .missing, .unfinished].contains($0.state) }
            if !odd.isEmpty {
                let names = odd.map { "\($0.version)_\($0.name) is \($0.state.rawValue)" }
                return [
                    finding(
                        "migrations", .fault, names.joined(separator: ", ") + ".",
                        "`schema migrate repair` explains each and what to type.")
                ]
            }
            guard let first = pending.first else {
                return [finding("migrations", .well, "All \(statuses.count) migrations are in.")]
            }
            return [
                finding(
                    "migrations", .fault,
                    "\(pending.count) of \(statuses.count) migrations are pending, from "
                        + "\(first.version)_\(first.name).",
                    "`schema migrate up --dry-run` shows them, `schema migrate up` runs them.")
            ]
        } catch {
            return [
                finding(
                    "migrations", .fault, "platform.migrations cannot be read: \(error)",
                    "Connect as \(Roles.owner), or as a superuser.")
            ]
        }
    }
}
