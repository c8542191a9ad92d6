import Foundation

/// The programs of one PostgreSQL installation: `postgres`, `initdb` and, mostly, `pg_dump` and its kin.
public struct ServerBinaries: Sendable, Hashable {
    /// The real folder, symbolic links followed.
    public let directory: String
    public let majorVersion: Int

    /// Older servers lack `security_invoker` views, which row-level security leans on.
    static let oldestMajor = 15
    /// The one that Grove is tested on wins over newer ones.
    static let preferredMajor = 15

    /// The path of one of the programs.
    /// - Throws: `EmbeddedPostgresError` (`binariesNotFound`) when this installation has no such program.
    public func path(of program: String) throws -> String {
        let path = "\(directory)/\(program)"
        guard access(path, X_OK) == 0 else {
            throw EmbeddedPostgresError(.binariesNotFound, "\(directory) has no program \(program).")
        }
        return path
    }

    /// Looks in PATH first, because whoever set PATH has chosen, and then where packages put servers.
    ///
    /// Runs `postgres --version` of the candidates and waits for it: not for the cooperative pool.
    /// - Parameter major: the version that an existing data folder demands; nil takes the best.
    static func find(
        major: Int? = nil, path: String = ProcessInfo.processInfo.environment["PATH"] ?? "",
        packageFolders: [String] = ServerBinaries.packageFolders
    ) throws -> ServerBinaries {
        let searched = path.split(separator: ":").map(String.init)
        var olderOrOther: [ServerBinaries] = []
        var seen: Set<String> = []
        for candidate in searched + packageFolders.flatMap(versionsNewestFirst) {
            guard let directory = installation(at: candidate), seen.insert(directory).inserted,
                let found = majorVersion(of: directory)
            else { continue }
            let binaries = ServerBinaries(directory: directory, majorVersion: found)
            if found == major ?? max(found, oldestMajor) { return binaries }
            olderOrOther.append(binaries)
        }
        let wanted = major.map { "PostgreSQL \($0)" } ?? "PostgreSQL \(oldestMajor) or newer"
        let passed = olderOrOther.map { " There is version \($0.majorVersion) in \($0.directory)." }.joined()
        let places = packageFolders.isEmpty ? path : "PATH or in \(packageFolders.joined(separator: ", "))"
        throw EmbeddedPostgresError(
            .binariesNotFound,
            """
            No server programs (initdb and postgres) of \(wanted) were found in \(places).\(passed) \
            On Debian and Ubuntu: \
            apt-get install --no-install-recommends postgresql-\(major ?? preferredMajor)
            """)
    }

    /// `*` stands for one version.
    static let packageFolders = [
        "/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin",
        "/usr/local/opt/postgresql@*/bin", "/usr/local/pgsql/bin",
    ]

    private static func versionsNewestFirst(_ pattern: String) -> [String] {
        guard let star = pattern.firstIndex(of: "*") else { return [pattern] }
        let parent = pattern[..<(pattern[..<star].lastIndex(of: "/") ?? star)]
        let prefix = pattern[..<star].dropFirst(parent.count + 1)
        let suffix = pattern[pattern.index(after: star)...]
        let names = (try? FileManager.default.contentsOfDirectory(atPath: String(parent))) ?? []
        let versions = names.compactMap { $0.hasPrefix(prefix) ? Int($0.dropFirst(prefix.count)) : nil }
        let best = versions.sorted { ($0 == preferredMajor ? .max : $0) > ($1 == preferredMajor ? .max : $1) }
        return best.map { "\(parent)/\(prefix)\($0)\(suffix)" }
    }

    /// Debian and others put a link to `initdb` into PATH; the programs look for their libraries and their
    /// time zones beside the real file.
    private static func installation(at candidate: String) -> String? {
        guard access("\(candidate)/initdb", X_OK) == 0, let real = realPath("\(candidate)/initdb") else {
            return nil
        }
        let directory = String(real.dropLast("/initdb".count))
        return real.hasSuffix("/initdb") && access("\(directory)/postgres", X_OK) == 0 ? directory : nil
    }

    /// From "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"; nil for a program that says anything
    /// else.
    private static func majorVersion(of directory: String) -> Int? {
        guard let text = ChildProcess.output(of: ["\(directory)/postgres", "--version"]) else { return nil }
        return text.firstMatch(of: /\(PostgreSQL\) ([0-9]+)/).flatMap { Int($0.output.1) }
    }
}

/// The absolute path without symbolic links; nil when there is nothing.
func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
}
