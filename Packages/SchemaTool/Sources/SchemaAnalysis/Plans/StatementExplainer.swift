import DatabaseClient
import Migrations

/// One text of a statement with the plans that PostgreSQL has for it.
public struct StatementExplanation: Sendable {
    /// How the planner was asked.
    public enum Look: String, Sendable, CaseIterable {
        /// For values that it does not know, as a connection plans that has run the statement a few times.
        case generic
        /// For the user who has the most rows, and bounds that leave all of these.
        case busiest
        /// As `generic`, with sorts and scans in sequence forbidden: what is left of these no index can
        /// spare.
        case indexesOnly
    }

    public let module: String
    public let query: QueryStatement
    /// Which of its optional parts and orders are in this text; empty where it has one text only.
    public let variant: String
    public let role: String
    public internal(set) var plans: [Look: PlanNode] = [:]

    /// `Portfolios.listLots (status, newest)`
    public var title: String { "\(module).\(query.name)" + (variant.isEmpty ? "" : " (\(variant))") }
}

/// Has PostgreSQL plan statements on the rows of a database, as the role that runs them. It executes none,
/// and changes nothing.
struct StatementExplainer {
    let connection: DatabaseConnection
    let catalog: Catalog
    let facts: PlanFacts

    /// Somebody without rows: the generic plan does not ask who.
    private static let nobody = "00000000-0000-7000-8000-000000000000"

    /// Every text of the statement, as `role`.
    ///
    /// - Throws: `DatabaseError` where the server refuses to plan it.
    func explain(_ query: QueryStatement, of module: Module, role: String) async throws
        -> [StatementExplanation]
    {
        var explanations: [StatementExplanation] = []
        let texts = query.choices == nil ? [query] : query.variants
        for (number, text) in texts.enumerated() {
            var explanation = StatementExplanation(
                module: module.name, query: query, variant: Self.variant(number, of: query.choices),
                role: role)
            explanation.plans = try await plans(
                text.sql, names: text.parameters.map(\.name), as: role, acting: query.role == .service,
                mayRun: module.calledStatements.contains { $0.name == query.name })
            explanations.append(explanation)
        }
        return explanations
    }

    /// The plan by which PostgreSQL itself finds the rows of a foreign key when the row that they refer to
    /// goes.
    func explain(_ key: ReferencingRows) async throws -> [StatementExplanation.Look: PlanNode] {
        try await plans(key.sql, types: key.types, as: Roles.owner, acting: false)
    }

    /// - Parameter mayRun: whether the role has the rights already; what no code calls yet gives none.
    private func plans(
        _ sql: String, names: [String]? = nil, types: [String] = [], as role: String, acting: Bool,
        mayRun: Bool = true
    ) async throws -> [StatementExplanation.Look: PlanNode] {
        let prepare =
            "PREPARE explained\(types.isEmpty ? "" : " (\(types.joined(separator: ", ")))") AS \(sql)"
        let oids = try await connection.describe(sql).parameterTypes
        let unknown = oids.isEmpty ? "" : "(\(oids.map { _ in "NULL" }.joined(separator: ", ")))"
        let rights = mayRun ? "" : Self.everyRight(of: role)
        var plans: [StatementExplanation.Look: PlanNode] = [:]
        let generic = try await plan(
            prepare, unknown, "SET LOCAL plan_cache_mode = force_generic_plan", role,
            acting ? Self.nobody : nil, rights: rights)
        plans[.generic] = generic
        plans[.indexesOnly] = try await plan(
            prepare, unknown,
            """
            SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_seqscan = off;
            SET LOCAL enable_sort = off; SET LOCAL enable_incremental_sort = off;
            SET LOCAL enable_bitmapscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off
            """, role, acting ? Self.nobody : nil, rights: rights)
        guard let names else { return plans }
        let user = busiestUser(of: generic)
        let values = zip(names, oids).map {
            SampleValue(name: $0, type: $1, user: user, catalog: catalog).sql
        }
        plans[.busiest] = try await plan(
            prepare, values.isEmpty ? "" : "(\(values.joined(separator: ", ")))",
            "SET LOCAL plan_cache_mode = force_custom_plan", role, acting ? user : nil, rights: rights)
        return plans
    }

    /// Within the transaction of one plan, which is undone. PostgreSQL's own roles see and change what is in every table
    /// that a policy shows; to grant every table for each plan would take most of the time.
    private static func everyRight(of role: String) -> String {
        """
        GRANT pg_read_all_data, pg_write_all_data TO \(role);
        DO $$ BEGIN EXECUTE (
            SELECT format('GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA %s TO \(role)',
                string_agg(quote_ident(nspname), ', '))
            FROM pg_catalog.pg_namespace WHERE nspowner = '\(Roles.owner)'::regrole); END $$;
        """
    }

    /// Each plan has a transaction of its own, since a prepared plan does not see a setting that changes
    /// later.
    private func plan(
        _ prepare: String, _ arguments: String, _ settings: String, _ role: String, _ user: String?,
        rights: String
    ) async throws -> PlanNode {
        let acting = user.map { "; SELECT app.act_as('\($0)')" } ?? ""
        let result: Result<PlanNode, any Error>
        do {
            try await connection.script(
                """
                BEGIN \(rights.isEmpty ? "READ ONLY" : ""); SET LOCAL jit = off; \(rights)\(settings);
                SET LOCAL ROLE \(role)\(acting); \(prepare)
                """
            )
            let text = try await connection.query(
                "EXPLAIN (FORMAT JSON, VERBOSE) EXECUTE explained\(arguments)"
            )
            .one { try $0.json(0) }
            result = .success(try PlanNode(json: text))
        } catch { result = .failure(error) }
        try await connection.script("ROLLBACK; DEALLOCATE ALL")
        return try result.get()
    }

    /// Of the largest table that anybody has more rows of than others.
    private func busiestUser(of plan: PlanNode) -> String {
        let tables = Set(plan.all.compactMap(\.qualifiedTable)).sorted().compactMap { facts.tables[$0] }
        let asked = tables.filter { $0.busiestUser != nil }.max { $0.rows < $1.rows }
        let any = facts.tables.values.filter { $0.busiestUser != nil }.max { $0.rows < $1.rows }
        return (asked ?? any)?.busiestUser ?? Self.nobody
    }

    private static func variant(_ number: Int, of choices: Choices?) -> String {
        guard let choices else { return "" }
        let options = choices.options.enumerated().filter { number & (1 << $0.offset) != 0 }.map(
            \.element.name)
        let order = choices.orders.isEmpty ? [] : [choices.orders[number >> choices.options.count]]
        return (options + order).joined(separator: ", ")
    }
}

/// A value for a parameter as SQL, such that as many rows as can be pass.
struct SampleValue {
    let sql: String

    init(name: String, type: UInt32, user: String, catalog: Catalog) {
        let typeName = catalog.types[type]
        let cast = typeName.map { "::\(quoted($0.schema)).\(quoted($0.name))" } ?? ""
        if let element = typeName?.element, let elementName = catalog.types[element] {
            let one = Self.text(name, elementName.name, user: user, catalog.enums[element]?.labels.first)
            sql = "ARRAY[\(one)::\(quoted(elementName.schema)).\(quoted(elementName.name))]"
        } else {
            sql =
                Self.text(name, typeName?.name ?? "text", user: user, catalog.enums[type]?.labels.first)
                + cast
        }
    }

    /// A list begins after the lowest value there is, or before the highest: then nothing of it is left out.
    private static func text(_ name: String, _ type: String, user: String, _ label: String?) -> String {
        if let label { return "'\(label)'" }
        let words = name.split(separator: "_")
        let isLow = words.contains { ["after", "from", "since"].contains($0) }
        let isHigh = words.contains { ["before", "until", "to", "now", "at"].contains($0) }
        switch type {
        case "uuid" where name == "user_id" || name == "owner_id": return "'\(user)'"
        case "uuid":
            return isHigh
                ? "'ffffffff-ffff-7fff-bfff-ffffffffffff'" : "'00000000-0000-7000-8000-000000000000'"
        case "int2", "int4", "int8", "numeric":
            return words.contains("limit") ? "50" : isLow ? "0" : isHigh ? "30000" : "1"
        case "bool": return "true"
        case "date", "timestamptz": return isLow ? "'1990-01-01'" : isHigh ? "'2090-01-01'" : "now()"
        case "jsonb", "json": return "'{}'"
        case "bytea": return "'\\x00'"
        case "interval": return "'1 day'"
        case "inet", "cidr": return "'192.0.2.1'"
        default: return isLow ? "''" : "'x'"
        }
    }
}
