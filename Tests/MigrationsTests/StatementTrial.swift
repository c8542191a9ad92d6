import DatabaseClient
import GroveFactories
import GroveTesting
import SchemaAnalysis

/// Runs statements as the role that runs them in a service, with parameters from rows that stand.
struct StatementTrial {
    /// What a statement did: the rows it gave or touched, or the error.
    enum Outcome {
        case rows(Int)
        case refused(DatabaseError)
    }

    struct Report {
        var findings: [String] = []
        var rows = 0
    }

    /// Of the user who acts, a row of every table.
    let rows: [String: MadeRow]
    /// A second row of every table, that does not stand: what an INSERT puts in.
    private let drafts: [String: Values]
    /// The labels of an enum by its name.
    private let labels: [String: [String]]
    private let stranger: String?
    private let owned: Set<String>

    init(_ test: TestDatabase) async throws {
        let factory = try await Factory(test.owner)
        rows = try await factory.makeEveryTable(
            [
                // Those that others may see would show nothing.
                "portfolios.baskets": ["visibility": "private"],
                "users.curator_profiles": ["status": "applied"],
            ].merging(Self.ofGamification) { $1 })
        let user = rows["users.users"]
        var drafts: [String: Values] = [:]
        for table in rows.keys.sorted() {
            drafts[table] = try await factory.draft(
                table, Self.ofGamification[table] ?? [:], under: user.map { [$0] } ?? [])
        }
        self.drafts = drafts
        let labels = try await test.owner.query(
            "SELECT enumtypid::regtype::text, enumlabel::text FROM pg_enum ORDER BY 1, enumsortorder"
        ).many { (try $0.text(0), try $0.text(1)) }
        self.labels = Dictionary(grouping: labels, by: \.0).mapValues { $0.map(\.1) }
        stranger = try await factory.make("users.users")["id"]
        let tables = try await TableCatalog.read(test.owner).tables.values
        owned = Set(tables.filter { $0.column("user_id")?.isRequired == true }.map(\.name))
    }

    /// What is wrong with a statement, in words: under its user, and under a stranger, who must neither see nor touch
    /// a row of that user.
    func report(on statement: QueryStatement, _ connection: DatabaseConnection) async throws -> Report {
        var report = Report()
        // A COPY takes its rows from a stream: the tests of the generated code try it.
        if statement.kind == .copy { return report }
        let hinted = hints(for: statement)["user_id"] ?? nil
        let user = user(of: statement)
        for variant in statement.variants.isEmpty ? [statement] : statement.variants {
            switch try await run(variant, as: user, connection) {
            case .rows(let count): report.rows = max(report.rows, count)
            case .refused(let error):
                if !isDocumented(error, by: statement) { report.findings.append(error.words) }
            }
        }
        guard user != nil, let table = target(of: statement.sql), owned.contains(table) else { return report }
        let other = hinted == nil ? stranger : rows["users.users"]?["id"]
        // An aggregate is a row even over nothing.
        let isRead = !statement.sql.contains(/\b(INSERT|UPDATE|DELETE)\b/) || statement.sql.contains(" FOR ")
        if statement.kind == .one && isRead { return report }
        switch try await run(statement.variants.first ?? statement, as: other, connection) {
        case .rows(0): break
        case .rows(let count): report.findings.append("a stranger reaches \(count) rows")
        // Row-level security lets nothing in for another user; a CHECK may be faster.
        case .refused(let error):
            if error.sqlState != "42501" && !isDocumented(error, by: statement) {
                report.findings.append("to a stranger it says \(error.words)")
            }
        }
        return report
    }

    /// A refusal by the constraint that the statement's comment names.
    private func isDocumented(_ error: DatabaseError, by statement: QueryStatement) -> Bool {
        guard case .server(let server) = error, let constraint = server.constraint else { return false }
        return statement.documentation.contains { $0.contains(constraint) }
    }

    /// The first table that is read or written.
    private func target(of sql: String) -> String? {
        sql.firstMatch(of: /\b(FROM|INTO|UPDATE)\s+([a-z_]+\.[a-z_]+)/).map { String($0.2) }
    }

    /// In a transaction of its own, which is undone.
    /// - Parameter user: who acts; nil for a worker.
    private func run(
        _ statement: QueryStatement, as user: String?, _ connection: DatabaseConnection
    ) async throws -> Outcome {
        try await connection.script("BEGIN")
        let outcome: Outcome
        do {
            if let user { try await connection.query("SELECT app.act_as('\(user)')") }
            let arguments = try await prepare(statement, connection)
            let result = try await connection.query("EXECUTE trial\(arguments)")
            outcome = .rows(max(result.rowCount, try result.affectedRows))
        } catch let error as DatabaseError {
            outcome = .refused(error)
        }
        try await connection.script("ROLLBACK; DEALLOCATE ALL")
        return outcome
    }

    /// Who acts when the statement runs; nil for a worker.
    func user(of statement: QueryStatement) -> String? {
        statement.role == .worker ? nil : hints(for: statement)["user_id"] ?? rows["users.users"]?["id"]
    }

    /// Prepares a statement under the name `trial`, and gives its arguments.
    /// - Parameter elements: how many an array has.
    func prepare(
        _ statement: QueryStatement, elements: Int = 1, _ connection: DatabaseConnection
    ) async throws -> String {
        try await connection.script("PREPARE trial AS \(statement.sql)")
        let types = try await connection.query(
            "SELECT parameter_types::text[] FROM pg_prepared_statements WHERE name = 'trial'"
        ).one { try $0.array(0, of: .text) }
        let hints = hints(for: statement)
        let values = zip(statement.parameters.map(\.name), types).map { name, type in
            let value =
                hints.keys.contains(name)
                ? hints[name] ?? nil : value(of: name, type: type, in: statement.sql)
            guard elements > 1, type.hasSuffix("[]") else { return literal(value) }
            return literal(value.map { Self.repeated($0, type, elements) })
        }
        return values.isEmpty ? "" : "(\(values.joined(separator: ", ")))"
    }

    private func literal(_ value: String?) -> String {
        value.map { "'\($0.replacing("'", with: "''"))'" } ?? "NULL"
    }

    // MARK: - Values

    /// What Gamification appends and runs. A service reaches no other's.
    private static let ofGamification: [String: Values] = [
        "platform.events": ["type": "quest.completed"], "platform.jobs": ["type": "gamification.work"],
    ]

    /// Parameters that must differ from what stands, by statement: a step to another status, a user who has none yet.
    private static let hints: [String: Values] = [
        "claimJob": ["locked_by": "process1", "locked_until": aMonthLater],
        "closeLoan": ["status": "written_off"],
        "collectDelivery": ["digest_id": "<digest>", "channel": "email"],
        "createBasket": ["owner_id": nil],
        "decideCurator": ["status": "approved", "decided_by": "operator"],
        "deleteBasket": ["basket_id": "<newcomer>"],
        "disableWebhookEndpoint": ["disabled_reason": "It answers no more."],
        "endDelivery": ["status": "failed", "error": "No such address."],
        "failFeed": ["error": "The provider does not answer."],
        "endWebhookDelivery": ["status": "failed", "error": "No answer."],
        "endRebalanceRun": ["status": "cancelled"],
        "endSession": ["end_reason": "logged_out"],
        "endSessions": ["end_reason": "logged_out"],
        "finishJob": ["status": "succeeded"],
        "insertAutoInvestRun": ["status": "requested"],
        "insertPreferences": ["user_id": "<stranger>"],
        "insertProfile": ["user_id": "<stranger>"],
        "insertRebalanceOrders": ["skip_reasons": "{NULL}"],
        "insertTiers": ["free_rewards": #"{"{\"title\": 1}"}"#],
        "insertUser": ["user_id": "<newcomer>"],
        "leaseWebhookDelivery": ["leased_until": "2026-01-02T10:00:00Z"],
        "markCollateralSold": ["level": "liquidate"],
        "parkEvent": ["next_attempt_at": nil],
        "registerInstrument": ["instrument_id": "<newcomer>", "class": "equity", "currency": "USD"],
        "registerInstruments": [
            "instrument_ids": "{ffffffff-ffff-7fff-8fff-ffffffffffff}", "classes": "{equity}",
            "currencies": "{USD}",
        ],
        "resolveTip": ["status": "acted"],
        "retryParkedEvent": ["next_attempt_at": nil],
        "skipParkedEvent": ["resolved_by": "operator", "resolution": "A duplicate."],
    ]

    private func hints(for statement: QueryStatement) -> Values {
        (Self.hints[statement.name] ?? [:]).mapValues { value in
            switch value {
            case "<stranger>": stranger
            case "<digest>": rows["notifications.digests"]?["id"]
            case "<newcomer>": drafts["users.users"]?["id"] ?? nil
            default: value
            }
        }
    }

    /// The column of that name: of the row that goes in, of a row that stands in a table of the statement, of any.
    private func value(of name: String, type: String, in sql: String) -> String? {
        if type.hasSuffix("[]") {
            let isColumn = rows.contains { isTouched($0.key, by: sql) && $0.value.values.keys.contains(name) }
            let element = value(
                of: isColumn ? name : singular(name), type: String(type.dropLast(2)), in: sql)
            guard let element else { return "{NULL}" }
            return "{\"\(element.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\"}"
        }
        if name == "row_limit" || name == "limit" { return "10" }
        if let target = sql.firstMatch(of: /INSERT INTO ([a-z_.]+)/).map({ String($0.1) }),
            let draft = drafts[target]
        {
            if let value = draft[name] { return value }
            // A column that the factory leaves as it is.
            if let value = rows[target]?.values[name] { return value }
            if name == noun(of: target) + "_id", let id = draft["id"] ?? nil { return id }
        }
        let touched = rows.keys.filter { isTouched($0, by: sql) }.sorted()
        for table in touched {
            if name == noun(of: table) + "_id", let id = rows[table]?["id"] { return id }
            if let value = rows[table]?.values[name] { return value }
        }
        if name == "user_id" || name == "owner_id" { return rows["users.users"]?["id"] }
        for (table, row) in rows.sorted(by: { $0.key < $1.key }) where name == noun(of: table) + "_id" {
            if let id = row["id"] { return id }
        }
        return fallback(name, type)
    }

    /// Where a page begins, what time it is, how much there is to be.
    private func fallback(_ name: String, _ type: String) -> String? {
        switch type {
        case "uuid":
            name.hasPrefix("before")
                ? "ffffffff-ffff-7fff-8fff-ffffffffffff" : "00000000-0000-0000-0000-000000000000"
        case "timestamp with time zone":
            name.hasPrefix("after") ? "2000-01-01T00:00:00Z" : "2026-01-06T09:00:00Z"
        case "date": name.hasPrefix("after") || name.hasPrefix("from") ? "2000-01-01" : "2026-01-06"
        case "integer", "bigint", "smallint": name.hasPrefix("before") ? "1000" : "1"
        case "numeric": "1"
        case "boolean": "true"
        case "bytea": "\\x" + String(repeating: "00", count: 32)
        case "jsonb": "{}"
        case "text": name.hasPrefix("after") ? "" : "x"
        default: labels[type]?.first
        }
    }

    private func isTouched(_ table: String, by sql: String) -> Bool {
        sql.contains("\(table) ") || sql.contains("\(table)\n")
    }

    private func noun(of table: String) -> String {
        singular(String(table.split(separator: ".").last ?? ""))
    }

    private func singular(_ plural: String) -> String {
        if plural.hasSuffix("ies") { return plural.dropLast(3) + "y" }
        if plural.hasSuffix("ches") || plural.hasSuffix("sses") { return String(plural.dropLast(2)) }
        return plural.hasSuffix("s") ? String(plural.dropLast()) : plural
    }
}

extension DatabaseError {
    /// Without the text of the statement.
    fileprivate var words: String {
        guard case .server(let server) = self else { return description }
        return "\(server.message) (\(server.sqlState))"
    }
}
