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
    /// The name on the server: the statement's name and a hash of its text, so that two versions of a
    /// program on one pooled connection never meet under one name.
    var preparedName: String { text.preparedName }

    private let text: Text

    /// The strings behind one reference: a statement is copied on each way, and they never change.
    private final class Text: Sendable {
        let name, sql, preparedName: String

        init(name: String, sql: String, preparedName: String) {
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
        text = Text(name: name, sql: sql, preparedName: "g" + String(hash, radix: 16))
    }

    public static func == (left: Statement, right: Statement) -> Bool {
        left.preparedName == right.preparedName
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(preparedName) }
}
