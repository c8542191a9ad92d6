/// What a migration must not do, why, and what to write in its place: one rule a file, in `Rules`.
public struct Rule: Sendable {
    /// As a waiver names it.
    public let name: String
    /// What goes wrong.
    public let why: String
    /// What to write in its place, in one sentence.
    public let instead: String
    /// The files of one or several migrations; the last breaks the rule.
    public let bad: [String]
    /// The same done well; each file is a migration of its own.
    public let good: [String]
    /// PostgreSQL, or the runner, refuses the bad by itself; the rule says so before anything runs.
    let isBadRefused: Bool
    let check: Check

    enum Check: Sendable {
        /// Judges the text of a file. A way back is judged only where the rule is about what others suffer
        /// while it runs: to undo a rename is to rename.
        case text(alsoDown: Bool, @Sendable (LintedFile) -> [Violation])
        /// Lists what breaks the rule in the catalog of a migrated database, as three texts: the table, what
        /// of it (a column, a constraint; '' for the table itself), and what is wrong. It reads from
        /// `namespaces`, `tables` and `constraints` of `CatalogOffender`.
        case catalog(sql: String)
        /// Compares with another commit; see `History`.
        case history
    }

    /// What a text rule has found.
    struct Violation: Sendable, Hashable {
        /// Its index in the file.
        let statement: Int
        /// Where it is not the statement's first line.
        var line: Int?
        let message: String
    }

    init(
        _ name: String, why: String, instead: String, bad: [String], good: [String],
        isBadRefused: Bool = false, check: Check
    ) {
        self.name = name
        self.why = why
        self.instead = instead
        self.bad = bad
        self.good = good
        self.isBadRefused = isBadRefused
        self.check = check
    }

    /// Every rule, those that stop others first.
    public static let all: [Rule] = operational + shape + [breaksRunningCode, editedMigration, outOfOrder]

    /// What hurts while a migration runs, or while the code of the version before still does.
    static let operational: [Rule] = [
        indexNotConcurrent, concurrentlyInTransaction, mixedNoTransactionFile, constraintNotValid,
        validateInSameFile, uniqueWithoutIndex, setNotNull, notNullWithoutDefault, volatileDefault,
        storedColumn, typeChange, rename, dropWithoutContract, dropNotNull, truncateCascade,
        missingLockTimeout, ownTransaction, backfillBesideDDL, vacuumFull, hiddenDDL,
    ]

    /// What the schema is to look like.
    static let shape: [Rule] = [
        unnamedConstraint, unqualifiedName, roleInMigration, badType, sequenceKey, trigger, onDeleteSetNull,
        onDeleteUnsaid, onUpdateCascade, userIDColumn, uniqueWithoutUserID, foreignKeyWithoutUserID,
        userForeignKey, foreignKeyWithoutIndex, userIDUpdate, rowLevelSecurity, policySubquery,
        viewSecurityInvoker,
    ]
}

extension Rule: CustomStringConvertible {
    /// The rule's page: why, what not to write and what to write.
    public var description: String {
        func block(_ title: String, _ files: [String]) -> String {
            let text = files.joined(separator: "\n-- in the next migration:\n")
            return "  \(title):\n" + text.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
        }
        return "\(name)\n  \(why)\n  → \(instead)\n\(block("bad", bad))\n\(block("good", good))"
    }
}
