/// What stops a migration, in words that say what to do next.
public enum MigrationError: Error, Sendable, CustomStringConvertible {
    /// The migrations folder holds something that cannot be run; each fault is a sentence.
    case invalidFolder(path: String, faults: [String])
    /// The database knows a migration differently from the folder; each fault is a sentence.
    case historyDiffers(faults: [String])
    case unknownVersion(String)
    case irreversible(name: String, why: String)
    /// Another runner kept the lock for longer than the deadline.
    case locked(holder: String, waitedSeconds: Int)
    /// PostgreSQL refused a file; `place` is file:line:column when it is known.
    case failed(place: String, message: String, excerpt: String, hint: String)
    /// The connection has not the rights that the work needs.
    case notPermitted(String)
    case unreachable(String)
    /// pg_dump did not do what was asked.
    case dump(String)
    /// `repair` or `baseline` was asked for what does not stand so; nothing was changed.
    case notRepairable(String)
    /// The seed has no business in this database; nothing was changed.
    case notSeedable(String)
    /// A `down` did not restore the catalog that stood before its `up`, or the second `up` gave another one.
    case catalogDiffers(when: String, difference: String)

    public var description: String {
        switch self {
        case .invalidFolder(let path, let faults):
            return "\(path) cannot be run:\n" + faults.map { "  - \($0)" }.joined(separator: "\n")
        case .historyDiffers(let faults):
            return faults.joined(separator: "\n")
        case .unknownVersion(let version):
            return "No migration has the version \(version). `schema migrate status` lists them."
        case .irreversible(let name, let why):
            return """
                \(name) is marked irreversible: \(why)
                Restore a backup to go back before it, or write a new migration that goes forward.
                """
        case .locked(let holder, let waited):
            return """
                Another runner holds the migration lock, and still did after \(waited) s: \(holder).
                Wait for it and run this again; end it only if you know that it hangs.
                """
        case .failed(let place, let message, let excerpt, let hint):
            return ["\(place): \(message)", excerpt, hint].filter { !$0.isEmpty }.joined(separator: "\n")
        case .notPermitted(let text), .unreachable(let text), .dump(let text), .notRepairable(let text),
            .notSeedable(let text):
            return text
        case .catalogDiffers(let when, let difference):
            return "The catalog differs \(when):\n\(difference)"
        }
    }
}
