import Foundation

/// What `postmaster.pid` in a cluster says. PostgreSQL documents its lines in `miscadmin.h`.
struct PostmasterFile: Sendable, Hashable {
    enum Status: String, Sendable { case starting, stopping, ready, standby }

    let processID: pid_t
    /// Nil until the server has written that line, and for a word that we do not know.
    let status: Status?

    init?(parsing text: some StringProtocol) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.first, let number = pid_t(first.trimmingCharacters(in: .whitespaces)) else {
            return nil
        }
        // A single-user server writes its number as a negative one.
        processID = abs(number)
        status = lines.count > 7 ? Status(rawValue: lines[7].trimmingCharacters(in: .whitespaces)) : nil
    }
}

/// The processes that have a cluster open, by the kernel's word rather than by `postmaster.pid`, whose number
/// may by now belong to someone else, or to a zombie that nobody collects, as happens in containers.
enum ClusterProcesses {
    /// A server process works in its cluster's folder, which `/proc` shows to its own user and to root.
    static func isServer(_ process: pid_t, of cluster: String) -> Bool {
        guard let folder = link("/proc/\(process)/cwd") else { return false }
        let program = link("/proc/\(process)/exe") ?? ""
        // After an upgrade of the package the kernel names the program "…/postgres (deleted)".
        return folder == cluster && program.contains("/postgres")
    }

    static func all(of cluster: String) -> [pid_t] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.filter { isServer($0, of: cluster) }
    }

    private static func link(_ path: String) -> String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: path)
    }
}
