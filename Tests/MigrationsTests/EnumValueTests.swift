import DatabaseClient
import GroveFactories
import GroveTesting
import SharedTypes
import Testing

/// Every value of every enum stands in a row of every column of that type: so no CHECK shuts out a state that the
/// enum promises. And the Swift enums have the same values, in the same order.
@Suite struct EnumValueTests {
    /// Columns that take fewer values than their type has, and the constraint that says so.
    static let refused = [
        "notifications.digests.channel=in_app": "digests_channel_check",
        "notifications.digests.channel=webhook": "digests_channel_check",
        "notifications.digests.frequency=none": "digests_frequency_check",
        "notifications.notification_deliveries.channel=webhook": "notification_deliveries_channel_check",
    ]

    @Test func everyValueOfEveryColumnGoesInAndComesBack() async throws {
        try await withTestDatabase { test in
            let factory = try await Factory(test.owner)
            let columns = try await test.owner.query(
                """
                SELECT format('%s.%s', n.nspname, c.relname), a.attname::text,
                    ARRAY(SELECT e.enumlabel::text FROM pg_enum e WHERE e.enumtypid = a.atttypid
                        ORDER BY e.enumsortorder)
                FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                    JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_type t ON t.oid = a.atttypid
                WHERE t.typtype = 'e' AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
                ORDER BY 1, 2
                """
            ).many { (table: try $0.text(0), column: try $0.text(1), labels: try $0.array(2, of: .text)) }
            #expect(columns.count > 80)
            var refusals: [String: String] = [:]
            for (table, column, labels) in columns {
                for label in labels {
                    try await test.owner.script("BEGIN")
                    do {
                        let row = try await factory.make(table, [column: label])
                        #expect(row[column] == label, "\(table).\(column)=\(label)")
                    } catch let error as DatabaseError {
                        refusals["\(table).\(column)=\(label)"] = error.checkViolation ?? "\(error)"
                    }
                    try await test.owner.script("ROLLBACK")
                }
            }
            #expect(refusals == Self.refused)
        }
    }
}
