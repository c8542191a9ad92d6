import DatabaseClient
import Migrations

/// Explains every statement of a repository's modules, and every foreign key, on the rows of a database.
public struct RepositoryExplanation: Sendable {
    public struct Outcome: Sendable {
        public internal(set) var statements: [StatementExplanation] = []
        public internal(set) var findings: [PlanFinding] = []
        /// Every foreign key with the plan of its check or cascade.
        public internal(set) var foreignKeys: [(name: String, plan: PlanNode)] = []
        public internal(set) var facts: PlanFacts
        /// `COPY` has no plan.
        public internal(set) var copies: [String] = []
    }

    let repository: String
    let migrations: String
    let only: String?
    let largePages: Int
    let progress: @Sendable (String) -> Void

    /// - Parameters:
    ///   - repository: the folder that holds Packages.
    ///   - migrations: the folder of the migrations, which names the contexts.
    ///   - only: one module; the indexes are then not judged, as others use them.
    ///   - largePages: a table of more pages than this is large.
    public init(
        repository: String, migrations: String = "migrations", only: String? = nil, largePages: Int = 1000,
        progress: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.repository = repository
        self.migrations = migrations
        self.only = only
        self.largePages = largePages
        self.progress = progress
    }

    /// - Parameter connectionString: of a superuser, or of a role that may become each service's role, for a
    ///   database that is migrated, filled and analysed.
    public func run(_ connectionString: String) async throws -> Outcome {
        let roles = try MigrationFolder(path: "\(repository)/\(migrations)").roles
        let (modules, faults) = try Module.discover(repository: repository, roles: roles)
        if let fault = faults.first { throw fault }
        if let only, !modules.contains(where: { $0.name == only }) {
            throw UnknownModule(name: only, known: modules.map(\.name))
        }
        let connection = try await DatabaseConnection.connect(connectionString)
        do {
            let outcome = try await run(modules.filter { only == nil || $0.name == only }, connection)
            await connection.close()
            return outcome
        } catch {
            await connection.close()
            throw error
        }
    }

    private func run(_ modules: [Module], _ connection: DatabaseConnection) async throws -> Outcome {
        let facts = try await PlanFacts.read(connection, largePages: largePages)
        let explainer = StatementExplainer(
            connection: connection, catalog: try await Catalog.read(connection), facts: facts)
        var outcome = Outcome(facts: facts)
        var judgement = PlanJudgement(facts: facts)
        for module in modules {
            for query in module.statements {
                try await explain(query, of: module, explainer, &judgement, &outcome)
            }
            progress("\(module.name): \(module.statements.count) statements")
        }
        if only == nil {
            try await explainKeys(explainer, &judgement, &outcome)
            outcome.findings += judgement.unusedIndexes.map { name in
                PlanFinding(
                    place: nil, subject: name, rule: "index",
                    message: "is used by no statement and by no foreign key, and keeps no rule "
                        + "(\(facts.size(of: facts.indexes[name]?.table ?? "")))",
                    instead: "Drop it, or bring the statement that it is for.", plan: "")
            }
        }
        outcome.findings.sort()
        return outcome
    }

    private func explain(
        _ query: QueryStatement, of module: Module, _ explainer: StatementExplainer,
        _ judgement: inout PlanJudgement, _ outcome: inout Outcome
    ) async throws {
        guard query.kind != .copy else { return outcome.copies.append("\(module.name).\(query.name)") }
        let place = "\(query.file):\(query.position.line)"
        // All services run the statements of a package that belongs to no context, and by the same plan.
        guard let role = module.roles(of: query).first else { return }
        let explanations: [StatementExplanation]
        do {
            explanations = try await explainer.explain(query, of: module, role: role)
        } catch DatabaseError.server(let server) {
            outcome.findings.append(
                PlanFinding(
                    place: place, subject: "\(module.name).\(query.name)", rule: "error",
                    message:
                        "cannot be explained as \(role): \(server.message) (SQLSTATE \(server.sqlState))",
                    instead: "Connect as a superuser, to a database that is migrated with its grants.",
                    plan: ""))
            return
        }
        var needed: Set<PlanRule> = []
        for explanation in explanations {
            outcome.statements.append(explanation)
            for fault in judgement.faults(explanation.plans).sorted(by: { $0.message < $1.message }) {
                needed.insert(fault.rule)
                guard query.planWaivers[fault.rule] == nil else { continue }
                outcome.findings.append(
                    PlanFinding(
                        place: place, subject: explanation.title, rule: fault.rule.rawValue,
                        message: "\(fault.message) (\(outcome.facts.size(of: fault.table)))",
                        instead: fault.rule.instead, plan: explanation.plans[.generic]?.line ?? ""))
            }
            for plan in explanation.plans.values {
                needed.formUnion(plan.wholeReads(outcome.facts).map(\.rule))
            }
        }
        for rule in query.planWaivers.keys.filter({ !needed.contains($0) }).sorted() {
            outcome.findings.append(
                PlanFinding(
                    place: place, subject: "\(module.name).\(query.name)", rule: "waiver",
                    message: "is allowed a \(rule.rawValue) and has none", instead: "Take the line away.",
                    plan: ""))
        }
    }

    private func explainKeys(
        _ explainer: StatementExplainer, _ judgement: inout PlanJudgement, _ outcome: inout Outcome
    ) async throws {
        let keys = try await ReferencingRows.read(explainer.connection)
        for key in keys {
            let plans: [StatementExplanation.Look: PlanNode]
            do { plans = try await explainer.explain(key) } catch DatabaseError.server(let server) {
                outcome.findings.append(
                    PlanFinding(
                        place: nil, subject: key.name, rule: "error",
                        message: "cannot be explained: \(server.message) (SQLSTATE \(server.sqlState))",
                        instead: "Connect as a superuser.", plan: ""))
                continue
            }
            if let plan = plans[.generic] { outcome.foreignKeys.append((key.name, plan)) }
            for fault in judgement.faults(of: key, plans) {
                outcome.findings.append(
                    PlanFinding(
                        place: nil, subject: key.name, rule: fault.rule.rawValue,
                        message: "\(fault.message) when a row of \(key.target) is deleted",
                        instead: "Add an index that begins with the columns of the key.",
                        plan: plans[.generic]?.line ?? ""))
            }
        }
        progress("\(keys.count) foreign keys")
    }
}

extension PlanRule {
    /// What to do about it.
    var instead: String {
        let waiver = "or say why not, above the statement: `-- explain: \(rawValue) because …`."
        return switch self {
        case .scan: "Let an index begin with the columns that the condition compares, \(waiver)"
        case .sort: "Let the order be that of an index, \(waiver)"
        }
    }
}
