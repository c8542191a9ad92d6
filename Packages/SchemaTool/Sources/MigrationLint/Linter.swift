import Migrations

/// Holds the files of a migrations folder against the rules.
public struct Linter: Sendable {
    /// The name under which faults of waivers themselves are reported.
    public static let waiverRule = "waiver"

    private let files: [LintedFile]

    /// The two texts of a migration, before anything is known of them.
    struct Migration {
        let up: (path: String, text: String, runsInTransaction: Bool)
        let down: (path: String, text: String, runsInTransaction: Bool)
    }

    /// - Parameter path: what stands before a file's name in the findings; the folder's own path if nil.
    public init(folder: MigrationFolder, path: String? = nil) throws {
        let prefix = path ?? folder.path
        try self.init(
            migrations: folder.migrations.map {
                Migration(
                    up: ("\(prefix)/\($0.upFileName)", $0.up, !$0.upRunsWithoutTransaction),
                    down: ("\(prefix)/\($0.downFileName)", $0.down, !$0.downRunsWithoutTransaction))
            })
    }

    init(migrations: [Migration]) throws {
        var schema = KnownSchema()
        var files: [LintedFile] = []
        for migration in migrations {
            let up = try LintedFile(
                path: migration.up.path, text: migration.up.text, direction: .up,
                runsInTransaction: migration.up.runsInTransaction, schema: schema)
            for statement in up.statements { schema.add(statement) }
            let down = try LintedFile(
                path: migration.down.path, text: migration.down.text, direction: .down,
                runsInTransaction: migration.down.runsInTransaction, schema: schema,
                newTables: up.newTables)
            files += [up, down]
        }
        self.files = files
    }

    /// Every finding, by file and line.
    ///
    /// - Parameter offenders: what the rules of the catalog found on a migrated database; nil where none was
    ///   asked, and then their waivers are left alone.
    public func findings(offenders: [CatalogOffender]? = nil) -> [Finding] {
        let located = (offenders ?? []).map { (offender: $0, place: place(of: $0)) }
        var findings: [Finding] = []
        for (index, file) in files.enumerated() {
            var found: [(rule: Rule, violation: Rule.Violation)] = []
            for rule in Rule.all {
                guard case .text(let alsoDown, let check) = rule.check else { continue }
                if file.direction == .up || alsoDown { found += check(file).map { (rule, $0) } }
            }
            for (offender, place) in located where place.file == index {
                found.append((offender.rule, place.violation))
            }
            findings += judge(found, in: file, catalogWasRead: offenders != nil)
        }
        return findings.sorted()
    }

    /// Takes away what a waiver allows, and adds what is wrong with the waivers.
    private func judge(
        _ found: [(rule: Rule, violation: Rule.Violation)], in file: LintedFile, catalogWasRead: Bool
    ) -> [Finding] {
        func fault(_ line: Int, _ message: String, _ instead: String = Waiver.form) -> Finding {
            Finding(
                file: file.path, line: line, rule: Self.waiverRule, message: message, instead: instead)
        }
        var findings: [Finding] = []
        var open = found
        for (index, statement) in file.statements.enumerated() {
            for waiver in statement.comments.compactMap(Waiver.init) {
                guard let rule = Rule.all.first(where: { $0.name == waiver.rule }) else {
                    let message =
                        waiver.rule.isEmpty
                        ? "this waiver cannot be read" : "there is no rule \(waiver.rule)"
                    findings.append(
                        fault(waiver.line, message, "\(Waiver.form) `schema lint --rules` lists them."))
                    continue
                }
                if case .history = rule.check {
                    findings.append(
                        fault(waiver.line, "\(rule.name) cannot be waived", "Take the line out."))
                    continue
                }
                if waiver.reason.isEmpty {
                    findings.append(fault(waiver.line, "this waiver of \(rule.name) gives no reason"))
                    continue
                }
                let isWaived = { (one: (rule: Rule, violation: Rule.Violation)) in
                    one.rule.name == rule.name && one.violation.statement == index
                }
                if case .text = rule.check {} else if !catalogWasRead { continue }
                if !found.contains(where: isWaived) {
                    findings.append(
                        fault(
                            waiver.line,
                            "this waiver allows nothing: \(rule.name) has nothing against the statement",
                            "Take the line out."))
                }
                open.removeAll(where: isWaived)
            }
        }
        findings += file.looseComments.compactMap(Waiver.init).map {
            fault($0.line, "this waiver stands before no statement")
        }
        return findings
            + open.map { rule, violation in
                Finding(
                    file: file.path, line: violation.line ?? file.statements[violation.statement].line,
                    rule: rule.name, message: violation.message, instead: rule.instead)
            }
    }

    /// The statement of an up file that made what the catalog shows: the last that names it, or the table's
    /// own.
    private func place(of offender: CatalogOffender) -> (file: Int, violation: Rule.Violation) {
        var place: (file: Int, violation: Rule.Violation)?
        var isExact = false
        for (index, file) in files.enumerated() where file.direction == .up {
            for (number, statement) in file.statements.enumerated() where statement.shapes(offender.table) {
                let line = statement.line(of: offender.object)
                guard line != nil || place == nil && !isExact else { continue }
                isExact = line != nil
                place = (
                    index, Rule.Violation(statement: number, line: line, message: offender.message)
                )
            }
        }
        // What no statement names was made by a DO block: the newest file is the place to begin.
        return place ?? (
            max(0, files.count - 2), Rule.Violation(statement: 0, line: 1, message: offender.message)
        )
    }
}

extension Statement {
    /// Whether it makes or changes the table, or something that belongs to it.
    fileprivate func shapes(_ table: String) -> Bool {
        switch kind {
        case .createTable(let made): return made.name == table
        case .alterTable(let changed, _), .createIndex(_, let changed, _), .createTrigger(let changed):
            return changed == table
        case .create: return mentions(table)
        default: return false
        }
    }

    private func mentions(_ table: String) -> Bool {
        let parts = table.split(separator: ".").map(String.init)
        return parts.count == 2
            && tokens.indices.dropLast(2).contains { index in
                tokens[index].text == parts[0] && tokens[index + 1].isSign(".")
                    && tokens[index + 2].text == parts[1]
            }
    }

    /// The line that names a column, a constraint or an index of the table. An index names columns too, which
    /// are not its own.
    fileprivate func line(of object: String) -> Int? {
        if case .createIndex(let name, _, _) = kind, name != object { return nil }
        return tokens.first { $0.isIdentifier && $0.text == object }?.line
    }
}
