import Foundation

/// A node of a plan with what is below it, as `EXPLAIN (FORMAT JSON, VERBOSE)` gives it.
public struct PlanNode: Sendable, Hashable {
    /// PostgreSQL's name: `Index Scan`, `Sort`.
    public let kind: String
    /// Of a ModifyTable: `Insert`, `Update`, `Delete` or `Merge`.
    public let operation: String?
    /// The namespace of its table.
    public let schema: String?
    public let table: String?
    /// By which the rest of the plan calls the table.
    public let alias: String?
    /// Without its namespace, which is the table's.
    public let index: String?
    public let indexCondition: String?
    public let filter: String?
    public let sortKeys: [String]
    /// The unique indexes by which an ON CONFLICT knows a row.
    public let arbiters: [String]
    /// How many rows the planner expects of it.
    public let rows: Double
    public let isBackward: Bool
    /// What it is to the node above: `Outer`, `Inner`, `InitPlan`, `SubPlan`, `Member`.
    public let relationship: String?
    public let children: [PlanNode]

    /// The node and all below it, from the top.
    public var all: [PlanNode] { [self] + children.flatMap(\.all) }

    /// Reads the one row that EXPLAIN gives.
    public init(json: String) throws {
        struct Explanation: Decodable {
            let plan: PlanNode

            enum CodingKeys: String, CodingKey { case plan = "Plan" }
        }
        guard let first = try JSONDecoder().decode([Explanation].self, from: Data(json.utf8)).first else {
            throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "EXPLAIN gave no plan"))
        }
        self = first.plan
    }
}

extension PlanNode: Decodable {
    private enum CodingKeys: String, CodingKey {
        case kind = "Node Type"
        case operation = "Operation"
        case schema = "Schema"
        case table = "Relation Name"
        case alias = "Alias"
        case index = "Index Name"
        case indexCondition = "Index Cond"
        case filter = "Filter"
        case sortKeys = "Sort Key"
        case arbiters = "Conflict Arbiter Indexes"
        case rows = "Plan Rows"
        case direction = "Scan Direction"
        case relationship = "Parent Relationship"
        case children = "Plans"
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        kind = try values.decode(String.self, forKey: .kind)
        operation = try values.decodeIfPresent(String.self, forKey: .operation)
        schema = try values.decodeIfPresent(String.self, forKey: .schema)
        table = try values.decodeIfPresent(String.self, forKey: .table)
        alias = try values.decodeIfPresent(String.self, forKey: .alias)
        index = try values.decodeIfPresent(String.self, forKey: .index)
        indexCondition = try values.decodeIfPresent(String.self, forKey: .indexCondition)
        filter = try values.decodeIfPresent(String.self, forKey: .filter)
        sortKeys = try values.decodeIfPresent([String].self, forKey: .sortKeys) ?? []
        arbiters = try values.decodeIfPresent([String].self, forKey: .arbiters) ?? []
        rows = try values.decode(Double.self, forKey: .rows)
        isBackward = try values.decodeIfPresent(String.self, forKey: .direction) == "Backward"
        relationship = try values.decodeIfPresent(String.self, forKey: .relationship)
        children = try values.decodeIfPresent([PlanNode].self, forKey: .children) ?? []
    }
}

extension PlanNode {
    /// `portfolios.lots`, of a node that reads or writes a table.
    public var qualifiedTable: String? {
        guard let schema, let table else { return nil }
        return "\(schema).\(table)"
    }

    /// Every index that the plan goes by, with its namespace: by which it reads, and by which it knows
    /// conflicts.
    public var indexes: Set<String> { indexes(in: schema) }

    /// A bitmap's index scan does not say its namespace: the heap scan above it does.
    private func indexes(in above: String?) -> Set<String> {
        let namespace = schema ?? above
        var names = Set(children.flatMap { $0.indexes(in: namespace) })
        for name in arbiters + (index.map { [$0] } ?? []) { names.insert("\(namespace ?? "?").\(name)") }
        return names
    }

    /// The plan in one line, without what every plan under a policy has: `Limit(lots_fifo_idx)`.
    public var line: String {
        let below = children.map(\.line).joined(separator: ", ")
        switch kind {
        case "Seq Scan": return "Seq Scan of \(table ?? "?")" + (below.isEmpty ? "" : "(\(below))")
        case "Index Scan", "Index Only Scan", "Bitmap Index Scan":
            let by =
                (kind == "Index Scan" ? "" : "\(kind) ") + (index ?? "?") + (isBackward ? " backward" : "")
            let note = indexCondition == nil ? " whole" : ""
            return by + note + (below.isEmpty ? "" : "(\(below))")
        case "Bitmap Heap Scan", "Subquery Scan": return below
        case "Result": return below.isEmpty ? "Result" : below
        case "ModifyTable": return "\(operation ?? kind) \(table ?? "")(\(below))"
        case "Sort", "Incremental Sort":
            return "\(kind) by \(sortKeys.joined(separator: ", "))(\(below))"
        default: return below.isEmpty ? kind : "\(kind)(\(below))"
        }
    }
}
