/// One statement of the finite, generated set that a program runs.
///
/// It is prepared once on each connection, under a name made from a hash of its text, and never deallocated.
public struct Statement: Sendable, Hashable {
    /// What a statement may do; it decides what a lost connection means.
    public enum Access: Sendable {
        /// A plain read: when the connection is lost it is sent again.
        case read
        /// It may change something: when its answer is lost, the outcome is unknown.
        case write
    }

    /// The name that logs, metrics and errors show, as `portfolios.findPortfolio`.
    public var name: String { text.name }
    /// The text, with `$1` parameters.
    public var sql: String { text.sql }
    public let access: Access
    /// A hash of name and text.
    let fingerprint: UInt64
    /// The name on the server: the fingerprint, so that two versions of a program on one pooled connection never meet
    /// under one name.
    var preparedName: [CChar] { text.preparedName }

    private let text: Text

    /// The strings behind one reference: a statement is copied on each way, and they never change.
    private final class Text: Sendable {
        let name, sql: String
        /// As C wants it, or each use of it would make a copy.
        let preparedName: [CChar]

        init(name: String, sql: String, preparedName: [CChar]) {
            self.name = name
            self.sql = sql
            self.preparedName = preparedName
        }
    }

    public init(name: String, sql: String, access: Access) {
        self.access = access
        // FNV-1a, 64 bits. PostgreSQL cuts names at 63 bytes, so the hash alone is the name.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in (name + "\u{0}" + sql).utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        fingerprint = hash
        text = Text(name: name, sql: sql, preparedName: Array(("g" + String(hash, radix: 16)).utf8CString))
    }

    public static func == (left: Statement, right: Statement) -> Bool {
        left.fingerprint == right.fingerprint
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(fingerprint) }
}
