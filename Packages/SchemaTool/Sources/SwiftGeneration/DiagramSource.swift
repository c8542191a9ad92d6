import SchemaAnalysis

/// Entity diagrams as Graphviz texts, from the catalog: one for each context, and one of how contexts meet.
///
/// In a context's diagram every table of its own is a box with its keys, every foreign key of these an arrow
/// to what it refers to. A table of another context is a small box. That a row belongs to a user is said in
/// the box: an arrow from every table to `users.users` would hide all others.
public struct DiagramSource {
    let catalog: Catalog

    public init(catalog: Catalog) { self.catalog = catalog }

    /// The namespaces that have tables, by name.
    public var contexts: [String] { Set(tables.map(\.schema)).sorted() }

    private var tables: [Catalog.Table] { catalog.sortedTables.filter { !$0.isView } }

    // MARK: - One context

    /// The diagram of one namespace.
    public func context(_ name: String) -> String {
        let own = tables.filter { $0.schema == name }
        var lines = Self.opening(of: name, direction: "RL")
        lines += own.map(box)
        var others: Set<String> = []
        var arrows: [String] = []
        for table in own {
            for key in table.foreignKeys where !saysItsUser(key, of: table) {
                guard let target = catalog.tables[key.table] else { continue }
                if target.schema != name { others.insert(target.qualifiedName) }
                arrows.append(arrow(of: key, from: table, to: target))
            }
        }
        lines += others.sorted().map {
            "    \"\($0)\" [shape=box, style=\"rounded,dashed\", color=\"#888888\", fontcolor=\"#555555\", "
                + "height=0.25, margin=\"0.08,0.03\", label=\"\($0)\"]"
        }
        return (lines + arrows.sorted() + ["}", ""]).joined(separator: "\n")
    }

    /// The key by which a row is its user's, save in the context of the users themselves.
    private func saysItsUser(_ key: Catalog.ForeignKey, of table: Catalog.Table) -> Bool {
        guard let target = catalog.tables[key.table], target.schema != table.schema else { return false }
        return target.qualifiedName == "users.users"
            && key.columns.compactMap { table.column($0)?.name } == ["user_id"]
    }

    private func box(of table: Catalog.Table) -> String {
        let user = table.foreignKeys.first { saysItsUser($0, of: table) }
        let isOfUser = table.columns.contains { $0.name == "user_id" && $0.isNotNull }
        var rows = [
            "<TR><TD PORT=\"_\" BGCOLOR=\"\(isOfUser ? "#dbe9f6" : "#fbe8c8")\"><B>\(table.name)</B></TD></TR>"
        ]
        if let user {
            rows.append(Self.row("user_id → users.users", attributes: "ID=\"\(user.name)\""))
        }
        let keyed = Set(table.primaryKey)
        let referring = Set(table.foreignKeys.flatMap(\.columns))
        var others = 0
        for column in table.columns where user == nil || column.name != "user_id" {
            guard keyed.contains(column.number) || referring.contains(column.number) else {
                others += 1
                continue
            }
            let text = keyed.contains(column.number) ? "<U>\(column.name)</U>" : column.name
            rows.append(Self.row(text, attributes: "PORT=\"\(column.name)\""))
        }
        if others > 0 {
            rows.append(Self.row("<FONT COLOR=\"#777777\">and \(others) more</FONT>", attributes: ""))
        }
        return
            "    \"\(table.qualifiedName)\" [label=<<TABLE BORDER=\"0\" CELLBORDER=\"1\" CELLSPACING=\"0\" "
            + "CELLPADDING=\"3\" COLOR=\"#666666\">\(rows.joined())</TABLE>>]"
    }

    private static func row(_ text: String, attributes: String) -> String {
        "<TR><TD ALIGN=\"LEFT\"\(attributes.isEmpty ? "" : " ")\(attributes)>\(text)</TD></TR>"
    }

    /// From the column that refers, of several the one that says most: the last that is not the user.
    private func arrow(of key: Catalog.ForeignKey, from table: Catalog.Table, to target: Catalog.Table)
        -> String
    {
        let names = key.columns.compactMap { table.column($0)?.name }
        let port = names.last { $0 != "user_id" } ?? names.last ?? "_"
        let style = key.onDelete == .cascade ? "solid" : "dashed"
        let head =
            target.schema == table.schema ? "\"\(target.qualifiedName)\":_" : "\"\(target.qualifiedName)\""
        return "    \"\(table.qualifiedName)\":\"\(port)\" -> \(head) [id=\"\(key.name)\", style=\(style), "
            + "tooltip=\"(\(names.joined(separator: ", "))) ON DELETE \(key.onDelete.sql)\"]"
    }

    // MARK: - All contexts

    /// Which context refers to which, and by how many foreign keys.
    public func overview() -> String {
        var lines = Self.opening(of: "contexts", direction: "BT")
        var counts: [String: Int] = [:]
        for table in tables {
            for key in table.foreignKeys {
                guard let target = catalog.tables[key.table], target.schema != table.schema else { continue }
                counts["\"\(table.schema)\" -> \"\(target.schema)\"", default: 0] += 1
            }
        }
        lines += contexts.map { name in
            let count = tables.count { $0.schema == name }
            return
                "    \"\(name)\" [shape=box, style=\"rounded,filled\", fillcolor=\"#dbe9f6\", color=\"#666666\", "
                + "margin=\"0.15,0.08\", label=\"\(name)\\n\(count) \(count == 1 ? "table" : "tables")\"]"
        }
        lines += counts.sorted { $0.key < $1.key }.map { "    \($0.key) [label=\" \($0.value)\"]" }
        return (lines + ["}", ""]).joined(separator: "\n")
    }

    private static func opening(of name: String, direction: String) -> [String] {
        [
            "// Generated by schema diagram from the catalog; do not edit.",
            "digraph \"\(name)\" {",
            "    graph [rankdir=\(direction), nodesep=0.18, ranksep=0.7, margin=0.1, fontname=\"Helvetica\"]",
            "    node [shape=plain, fontname=\"Helvetica\", fontsize=11]",
            "    edge [color=\"#555555\", arrowsize=0.6, fontname=\"Helvetica\", fontsize=10]",
        ]
    }
}
