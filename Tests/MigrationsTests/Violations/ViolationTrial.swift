import DatabaseClient
import GroveFactories

/// Tries to get a wrong row past everything in the catalog that should refuse it.
struct ViolationTrial {
    let connection: DatabaseConnection
    let factory: Factory
    let catalog: TableCatalog

    init(_ connection: DatabaseConnection) async throws {
        self.connection = connection
        factory = try await Factory(connection)
        catalog = try await TableCatalog.read(connection)
    }

    /// What is not as it should be in a namespace, in words: what refused nothing, what another refused, what has no
    /// case, and cases of nothing.
    func findings(
        in namespace: String, cases: [String: [Violation]] = Violation.all
    ) async throws -> [String] {
        let refusals = try await Refusal.read(connection, namespace: namespace)
        var findings: [String] = []
        for (table, ofTable) in Dictionary(grouping: refusals, by: \.table).sorted(by: { $0.key < $1.key }) {
            try await connection.script("BEGIN")
            let standing = try await factory.make(table)
            let draft = try await factory.draft(table)
            try await connection.script("SAVEPOINT standing")
            for refusal in ofTable {
                var parts = CheckParts(of: refusal)
                for violation in cases[refusal.title].map({ $0.map(Optional.some) }) ?? [nil] {
                    let row = try await row(for: refusal, violation, beside: standing, draft)
                    if let finding = try await attempt(refusal, row) {
                        findings.append("\(refusal.title): \(finding)")
                    }
                    try await connection.script("ROLLBACK TO standing")
                    if let row { try await parts.note(row, catalog.tables[refusal.table], connection) }
                }
                findings += parts.untried.map { "\(refusal.title): no case for \($0)" }
            }
            try await connection.script("ROLLBACK")
        }
        let known = Set(refusals.map(\.title))
        for name in cases.keys.sorted() where name.hasPrefix("\(namespace).") && !known.contains(name) {
            findings.append("\(name): a case, and no constraint")
        }
        return findings
    }

    /// The row that is to be refused; nil where nobody said which.
    private func row(
        for refusal: Refusal, _ violation: Violation?, beside standing: MadeRow, _ draft: Values
    ) async throws -> Values? {
        var standing = standing
        if let own = violation?.standing, !own.isEmpty {
            standing = try await factory.make(refusal.table, own)
        }
        let changes =
            try violation.map { try filled($0.row, of: draft, beside: standing) }
            ?? derived(refusal, beside: standing)
        return changes.map { draft.merging($0) { $1 } }
    }

    private func attempt(_ refusal: Refusal, _ row: Values?) async throws -> String? {
        guard let row else { return "without a case" }
        if refusal.isBehindPrimaryKey {
            // A row that has both keys twice is the primary key's; foreign keys rest on this one.
            let name = refusal.table.split(separator: ".").last ?? ""
            try await connection.script(
                "ALTER TABLE \(refusal.table) DROP CONSTRAINT \(name)_pkey CASCADE")
        }
        do {
            try await factory.insert(row, into: refusal.table)
            return "accepted the row"
        } catch let error as DatabaseError {
            return refusal.isNamed(by: error) ? nil : "answered with \(error)"
        }
    }

    /// What follows from the catalog alone.
    private func derived(_ refusal: Refusal, beside standing: MadeRow) -> Values? {
        switch refusal.kind {
        case .check: return nil
        case .notNull: return [refusal.name: nil]
        case .primaryKey, .unique, .uniqueIndex:
            // Of an expression the catalog tells no value.
            if refusal.columns.isEmpty { return nil }
            return Values(uniqueKeysWithValues: refusal.columns.map { ($0, standing[$0]) })
        case .foreignKey:
            guard let column = refusal.columns.last(where: { $0 != "user_id" }) ?? refusal.columns.last
            else { return nil }
            return switch catalog.tables[refusal.table]?.column(column)?.type {
            case "uuid": [column: Self.nobody]
            case "text": [column: "nobody"]
            default: [column: "999"]
            }
        }
    }

    private func filled(_ row: Values, of draft: Values, beside standing: MadeRow) throws -> Values {
        row.mapValues { value in
            guard let value, value.hasPrefix("<"), value.hasSuffix(">") else { return value }
            let name = String(value.dropFirst().dropLast())
            if name == "nobody" { return Self.nobody }
            return name.hasPrefix("first.") ? standing[String(name.dropFirst(6))] : draft[name] ?? nil
        }
    }

    private static let nobody = "ffffffff-ffff-7fff-8fff-ffffffffffff"
}
