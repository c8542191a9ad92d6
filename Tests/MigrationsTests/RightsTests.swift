import DatabaseClient
import Foundation
import GroveTesting
import Migrations
import Testing

/// Every role connects and tries every verb on every column of every table: what goes is what `grants.sql` says,
/// and nothing else goes.
@Suite struct RightsTests {
    @Test(arguments: try Repository.migrations.roles.services)
    func aRoleMayDoWhatIsGrantedAndNothingElse(_ role: String) async throws {
        try await withTestDatabase { test in
            try await test.owner.script(Self.attempts)
            let connection = try await DatabaseConnection.connect(test.connectionString(role: role))
            let done = try await connection.query("SELECT public.try_everything()").many { try $0.text(0) }
            await connection.close()
            let allowed = Set(done.filter { $0.hasPrefix("+") }.map { String($0.dropFirst()) })
            #expect(done.count > 500, "it looked at hardly anything")
            #expect(allowed == Self.granted(to: role))

            let context = String(role.prefix { $0 != "_" })
            let declared = try Self.declaredReads(of: context)
            let strange = allowed.filter { attempt in
                let words = attempt.split(separator: " ")
                let table = words[1].split(separator: ".").prefix(2).joined(separator: ".")
                let isOwn = [context, "platform", "audit", "app"].contains { table.hasPrefix("\($0).") }
                return !isOwn && !(words[0] == "SELECT" && declared.contains(table))
            }
            #expect(strange.isEmpty, "of other contexts, and not declared in the README")
        }
    }

    /// A right that somebody gives by hand is seen.
    @Test func aRightTooManyIsSeen() async throws {
        try await withTestDatabase { test in
            try await test.owner.script(
                Self.attempts + "GRANT UPDATE (email) ON users.users TO market_worker;"
                    + "GRANT USAGE ON SCHEMA users TO market_worker;")
            let connection = try await DatabaseConnection.connect(
                test.connectionString(role: "market_worker"))
            let done = try await connection.query("SELECT public.try_everything()").many { try $0.text(0) }
            await connection.close()
            #expect(done.contains("+UPDATE users.users.email"))
            #expect(done.contains("-SELECT users.users.email"))
        }
    }

    /// `INSERT users.users.email`, `DELETE users.users`, from the lines that give column rights.
    private static func granted(to role: String) -> Set<String> {
        let file = Repository.root.appending(path: "migrations/grants.sql").path
        let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        var granted: Set<String> = []
        for line in text.split(separator: "\n") {
            if let match = line.wholeMatch(of: /GRANT (\w+) \((.*)\) ON ([\w.]+) TO (\w+);/), match.4 == role
            {
                for column in match.2.split(separator: ", ") {
                    granted.insert("\(match.1) \(match.3).\(column)")
                }
            } else if let match = line.wholeMatch(of: /GRANT (DELETE|TRUNCATE) ON ([\w.]+) TO (\w+);/),
                match.3 == role
            {
                granted.insert("\(match.1) \(match.2)")
            }
        }
        return granted
    }

    private static func declaredReads(of context: String) throws -> Set<String> {
        let name = context.prefix(1).uppercased() + context.dropFirst()
        let readme = try String(
            contentsOf: Repository.root.appending(path: "Packages/\(name)/README.md"), encoding: .utf8)
        return Set(readme.matches(of: /(?m)^reads: (\S+)$/).map { String($0.1) })
    }

    /// Runs with the rights of whoever calls it. `+` where PostgreSQL did not refuse for want of a right.
    private static let attempts = """
        CREATE FUNCTION public.try_everything() RETURNS SETOF text LANGUAGE plpgsql AS $$
        DECLARE
            item record;
            attempt record;
        BEGIN
            FOR item IN
                SELECT format('%I.%I', n.nspname, c.relname) AS name, c.relkind, a.attname, a.attgenerated <> '' AS made
                FROM pg_catalog.pg_class c
                    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                WHERE c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname !~ '^pg_'
                    AND n.nspname NOT IN ('information_schema', 'public')
                ORDER BY 1, a.attnum
            LOOP
                FOR attempt IN
                    SELECT * FROM (VALUES
                        ('SELECT', format('SELECT %I FROM %s LIMIT 0', item.attname, item.name), true),
                        ('INSERT', format('INSERT INTO %s (%I) SELECT NULL WHERE false', item.name, item.attname),
                            item.relkind IN ('r', 'p') AND NOT item.made),
                        ('UPDATE', format('UPDATE %s SET %I = NULL WHERE false', item.name, item.attname),
                            item.relkind IN ('r', 'p') AND NOT item.made)
                    ) t (verb, sql, is_possible) WHERE is_possible
                LOOP
                    BEGIN
                        EXECUTE attempt.sql;
                        RETURN NEXT format('+%s %s.%I', attempt.verb, item.name, item.attname);
                    EXCEPTION WHEN insufficient_privilege THEN
                        RETURN NEXT format('-%s %s.%I', attempt.verb, item.name, item.attname);
                    END;
                END LOOP;
            END LOOP;
            FOR item IN
                SELECT DISTINCT format('%I.%I', n.nspname, c.relname) AS name
                FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_'
                    AND n.nspname NOT IN ('information_schema', 'public')
            LOOP
                BEGIN
                    EXECUTE format('DELETE FROM %s WHERE false', item.name);
                    RETURN NEXT format('+DELETE %s', item.name);
                EXCEPTION WHEN insufficient_privilege THEN
                    RETURN NEXT format('-DELETE %s', item.name);
                END;
                BEGIN
                    EXECUTE format('TRUNCATE %s CASCADE', item.name);
                    RETURN NEXT format('+TRUNCATE %s', item.name);
                EXCEPTION WHEN insufficient_privilege THEN
                    RETURN NEXT format('-TRUNCATE %s', item.name);
                END;
            END LOOP;
        END $$;
        """
}
