/// What PostgreSQL runs and a Citus cluster refuses, of statements. Each rule comes from a statement that a real cluster
/// refused.
enum ClusterRules {
    /// What is against a statement, in words.
    static func faults(in tree: NodeTree, _ catalog: Catalog) -> [String] {
        var faults: [String] = []
        tree.forEachNode { name, fields in
            guard name == "QUERY" else { return }
            if copiesRows(fields, catalog) {
                faults.append(
                    "it inserts rows of a SELECT into a table of users: Citus would COPY them, which row-level security "
                        + "refuses; write RETURNING 1")
            }
            if correlatesWithCatalogue(fields, catalog) {
                faults.append(
                    "a subquery on a table of users names a column of a catalogue outside it: compare with the parameter "
                        + "instead")
            }
        }
        return faults
    }

    /// "COPY FROM not supported with row-level security": Citus brings the rows of such a SELECT to the coordinator, and
    /// copies them to the nodes unless they are given back or may conflict.
    private static func copiesRows(_ query: [String: [NodeTree]], _ catalog: Catalog) -> Bool {
        guard query["commandType"]?.first?.number == 3,
            let place = query["resultRelation"]?.first?.number,
            let entries = query["rtable"]?.first?.items, entries.indices.contains(place - 1)
        else { return false }
        let readsQuery = entries.contains { $0["rtekind"]?.number == 1 }
        let givesBack = query["returningList"]?.first.map { $0 != .null } ?? false
        let mayConflict = query["onConflict"]?.first.map { $0 != .null } ?? false
        return readsQuery && !givesBack && !mayConflict
            && table(of: entries[place - 1], catalog)?.isOfUsers == true
    }

    /// "correlated subqueries are not supported when the FROM clause contains a reference table".
    private static func correlatesWithCatalogue(_ query: [String: [NodeTree]], _ catalog: Catalog) -> Bool {
        let tables = (query["rtable"]?.first?.items ?? []).compactMap { table(of: $0, catalog) }
        guard !tables.isEmpty, !tables.contains(where: \.isOfUsers) else { return false }
        var isFound = false
        for values in query.values {
            for value in values {
                value.forEachNode { name, fields in
                    guard name == "SUBLINK", let subquery = fields["subselect"]?.first else { return }
                    let inner = (subquery["rtable"]?.items ?? []).compactMap { table(of: $0, catalog) }
                    guard inner.contains(where: \.isOfUsers) else { return }
                    subquery.forEachNode { name, fields in
                        if name == "VAR", fields["varlevelsup"]?.first?.number ?? 0 > 0 { isFound = true }
                    }
                }
            }
        }
        return isFound
    }

    private static func table(of entry: NodeTree, _ catalog: Catalog) -> Catalog.Table? {
        entry["relid"]?.number.flatMap { UInt32(exactly: $0) }.flatMap { catalog.tables[$0] }
    }
}

extension Catalog.Table {
    /// Whether its rows are spread over the nodes of a cluster by their user.
    public var isOfUsers: Bool {
        guard let first = primaryKey.first else { return false }
        return column(first)?.name == "user_id"
    }
}
