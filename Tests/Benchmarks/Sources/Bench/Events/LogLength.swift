import DatabaseClient
import Foundation

/// A log that is already long, and how its next events are found.
extension EventsDatabase {
    /// How the server finds something in the log.
    struct Plan: Encodable {
        let statement: String
        let mode: String
        let lines: [String]
        /// Pages that it touched, in memory or not.
        let buffers: Int
        /// Along `events_order_key`, without a sort.
        let isByOrder: Bool
    }

    private static let eventsInTransaction = 10
    /// Below it are the transactions of PostgreSQL's own.
    private static let firstTransaction = 3

    /// Uses up transaction numbers, so that the rows of `preload` may have come of earlier ones.
    func advanceTransactions(forEvents count: Int) async throws {
        let transactions = count / Self.eventsInTransaction + Self.firstTransaction
        try await owner.script(
            """
            DO $$ BEGIN
                FOR i IN 1..\(transactions) LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP;
            END $$
            """)
    }

    /// Puts events into the log, ten of each transaction, and a consumer that has read them all.
    func preload(_ count: Int) async throws {
        // Without the foreign keys' triggers: what they would look for is there.
        try await owner.script(
            """
            SET session_replication_role = replica;
            INSERT INTO platform.events (
                id, owner_id, epoch, transaction_number, position, type, version, key, payload, occurred_at, created_at)
            SELECT event.id, ('00000000-0000-7000-8000-' || lpad(to_hex(n % 1000), 12, '0'))::uuid, 1,
                \(Self.firstTransaction) + n / \(Self.eventsInTransaction), n % \(Self.eventsInTransaction),
                'transaction.posted', 1, event.id::text, jsonb_build_object(
                    'transaction_id', event.id, 'portfolio_id', event.id, 'instrument_id', event.id, 'kind', 'buy',
                    'gross_amount', '250', 'currency', 'EUR', 'executed_at', '2026-01-01T00:00:00.000Z'),
                '2026-01-01Z'::timestamptz + n * interval '1 millisecond',
                '2026-01-01Z'::timestamptz + n * interval '1 millisecond'
            FROM generate_series(0, \(count - 1)::int8) AS n, LATERAL (
                SELECT lpad(to_hex(n), 32, '0')::uuid AS id) AS event;
            RESET session_replication_role;
            INSERT INTO platform.consumers (name, partitions, created_at, updated_at)
            VALUES ('\(EventsWorkerCommand.consumer)', 1, now(), now());
            INSERT INTO platform.consumer_cursors (
                consumer, partition, epoch, transaction_number, position, handled, created_at, updated_at)
            SELECT '\(EventsWorkerCommand.consumer)', 0, epoch, transaction_number, position, 0, now(), now()
            FROM platform.events ORDER BY epoch DESC, transaction_number DESC, position DESC LIMIT 1
            """)
        try await owner.script("VACUUM ANALYZE platform.events")
        try await owner.script("CHECKPOINT")
    }

    /// The plans, with known values and without, of what each pass of a consumer asks of the log, as it would ask with
    /// 5,000 events to read.
    func plans(length: Int, queries path: String) async throws -> [Plan] {
        let end = Self.firstTransaction + (length - 1) / Self.eventsInTransaction
        let values = [
            "epoch": 1, "transaction_number": end - 5_000 / Self.eventsInTransaction, "position": 0,
            "end_epoch": 1, "end_transaction_number": end, "end_position": Self.eventsInTransaction - 1,
            "partition": 0, "partitions": 4, "row_limit": 50,
        ]
        let file = try String(contentsOfFile: path, encoding: .utf8)
        var plans: [Plan] = []
        try await owner.script("SET ROLE gamification_worker")
        for name in ["readEvents", "findReadableEnd"] {
            let (sql, parameters) = try Self.statement(name, in: file)
            try await owner.script("PREPARE \(name) AS \(sql)")
            let given = parameters.map { "\(values[$0] ?? 0)" }.joined(separator: ", ")
            for mode in ["force_generic_plan", "force_custom_plan"] {
                try await owner.script("SET plan_cache_mode = \(mode)")
                let lines = try await owner.query(
                    "EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF, SUMMARY OFF) EXECUTE \(name)"
                        + (given.isEmpty ? "" : "(\(given))")
                ).many { try $0.text(0) }
                plans.append(Plan(statement: name, mode: mode, lines: lines))
            }
        }
        try await owner.script("RESET ROLE; RESET plan_cache_mode; DEALLOCATE ALL")
        return plans
    }

    /// A statement of a Queries file as PREPARE takes it, and its parameters' names in the order of `$1`, `$2`, ….
    private static func statement(_ name: String, in file: String) throws -> (String, [String]) {
        guard let start = file.range(of: "-- name: \(name) ") else {
            throw BenchFailure(message: "There is no statement \(name).")
        }
        let body = file[start.upperBound...].split(separator: "\n").dropFirst()
            .drop { $0.hasPrefix("--") }.prefix { !$0.hasPrefix("--") }.joined(separator: "\n")
        var parameters: [String] = []
        // A colon before the colon makes it a cast.
        let sql = body.replacing(/(:?):([a-z_]+)/) { match in
            guard match.1.isEmpty else { return String(match.0) }
            let parameter = String(match.2)
            if !parameters.contains(parameter) { parameters.append(parameter) }
            return "$\((parameters.firstIndex(of: parameter) ?? 0) + 1)"
        }
        return (sql, parameters)
    }
}

extension EventsDatabase.Plan {
    fileprivate init(statement: String, mode: String, lines: [String]) {
        self.statement = statement
        self.mode = mode
        self.lines = lines
        // The first line with buffers is the whole plan's.
        let first = lines.first { $0.contains("Buffers:") } ?? ""
        buffers = first.matches(of: /(?:hit|read)=([0-9]+)/).reduce(0) { $0 + (Int($1.1) ?? 0) }
        isByOrder =
            lines.contains { $0.contains("using events_order_key") }
            && !lines.contains { $0.contains("Sort") || $0.contains("Seq Scan on events") }
    }
}
