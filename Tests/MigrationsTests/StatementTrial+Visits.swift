import DatabaseClient
import Foundation
import SchemaAnalysis

extension StatementTrial {
    /// How many rows the nodes of a statement's plan go through, as the role that runs it and under its user, in a
    /// transaction that is undone; nil where it is refused, which another test looks at.
    ///
    /// - Parameter elements: How many an array has; only one where the statement refuses so many.
    func visits(
        of statement: QueryStatement, planCacheMode: String, elements: Int, _ connection: DatabaseConnection
    ) async throws -> Int? {
        for elements in [elements, 1] {
            var plan: String?
            try await connection.script("BEGIN; SET LOCAL plan_cache_mode = \(planCacheMode)")
            do {
                if let user = user(of: statement) {
                    try await connection.query("SELECT app.act_as('\(user)')")
                }
                let arguments = try await prepare(statement, elements: elements, connection)
                plan = try await connection.query(
                    "EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF, FORMAT JSON) EXECUTE trial\(arguments)"
                ).one { try $0.json(0) }
            } catch is DatabaseError {
            }
            try await connection.script("ROLLBACK; DEALLOCATE ALL")
            if let plan {
                let json = try JSONSerialization.jsonObject(with: Data(plan.utf8)) as? [[String: Any]]
                return Self.visits(json?.first?["Plan"] as? [String: Any] ?? [:])
            }
        }
        return nil
    }

    /// What a node gave and what it threw away, with what is below it.
    private static func visits(_ node: [String: Any]) -> Int {
        func figure(_ name: String) -> Double { (node[name] as? NSNumber)?.doubleValue ?? 0 }
        let rows =
            figure("Actual Rows") + figure("Rows Removed by Filter")
            + figure("Rows Removed by Join Filter") + figure("Rows Removed by Index Recheck")
        let below = (node["Plans"] as? [[String: Any]] ?? []).reduce(0) { $0 + visits($1) }
        return Int(rows * figure("Actual Loops")) + below
    }

    /// An array of many elements from one of a single element: the ids that ``RowMultiplier`` gives, or the same value
    /// again.
    static func repeated(_ array: String, _ type: String, _ count: Int) -> String {
        let element = String(array.dropFirst().dropLast())
        let elements = (0..<count).map { number in
            guard number > 0, type == "uuid[]", element.count == 38 else { return element }
            let hex = String(number, radix: 16)
            return "\"" + String(repeating: "0", count: 8 - hex.count) + hex + element.dropFirst(9)
        }
        return "{\(elements.joined(separator: ","))}"
    }
}
