import DatabaseClient
import GroveTesting
import Migrations
import Testing

/// The conventions of the one schema, read from PostgreSQL's own catalog.
@Suite struct SchemaRulesTests {
    /// Each rule gives the objects that break it, in words.
    static let rules: [(name: String, sql: String)] = [
        (
            "a table with user_id has row-level security enabled, not forced, and a policy",
            """
            SELECT c.oid::regclass::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'user_id'
            WHERE c.relkind = 'r' AND c.relnamespace::regnamespace::text = ANY ($1)
                AND (NOT c.relrowsecurity OR c.relforcerowsecurity
                    OR NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid))
            """
        ),
        (
            "primary keys, unique keys and foreign keys of a user-owned table begin with user_id",
            """
            SELECT k.conrelid::regclass || '.' || k.conname FROM pg_constraint k
            JOIN pg_attribute u ON u.attrelid = k.conrelid AND u.attname = 'user_id' AND u.attnotnull
            WHERE k.connamespace::regnamespace::text = ANY ($1) AND k.conkey[1] <> u.attnum
                AND (k.contype IN ('p', 'u') OR k.contype = 'f' AND EXISTS (
                    SELECT FROM pg_attribute f WHERE f.attrelid = k.confrelid AND f.attname = 'user_id'))
            """
        ),
        (
            "a user-owned table has a foreign key of user_id alone to users.users, with cascade",
            """
            SELECT c.oid::regclass::text FROM pg_class c
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'user_id' AND a.attnotnull
            WHERE c.relkind = 'r' AND c.relnamespace::regnamespace::text = ANY ($1) AND NOT EXISTS (
                SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.conkey = ARRAY[a.attnum]
                    AND k.confrelid = 'users.users'::regclass AND k.confdeltype = 'c')
            """
        ),
        (
            "a foreign key has an index that begins with its columns",
            """
            SELECT k.conrelid::regclass || '.' || k.conname FROM pg_constraint k
            WHERE k.contype = 'f' AND k.connamespace::regnamespace::text = ANY ($1) AND NOT EXISTS (
                SELECT FROM pg_index i WHERE i.indrelid = k.conrelid
                    AND (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey)
            """
        ),
        (
            "no foreign key sets NULL or default, or updates in cascade",
            """
            SELECT conrelid::regclass || '.' || conname FROM pg_constraint WHERE contype = 'f'
                AND connamespace::regnamespace::text = ANY ($1) AND (confdeltype IN ('n', 'd') OR confupdtype <> 'a')
            """
        ),
        (
            "no triggers",
            """
            SELECT tgrelid::regclass || '.' || tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
            WHERE NOT tgisinternal AND c.relnamespace::regnamespace::text = ANY ($1)
            """
        ),
        (
            "no sequences",
            "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'S' AND relnamespace::regnamespace::text = ANY ($1)"
        ),
        (
            "constraints are named after their table",
            """
            SELECT k.conrelid::regclass || '.' || k.conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
            WHERE k.connamespace::regnamespace::text = ANY ($1) AND k.conrelid <> 0
                AND (NOT starts_with(k.conname, c.relname || '_') OR k.conname !~ '_(pkey|key|fkey|check)$')
            """
        ),
        (
            "money, prices and quantities are numeric(38,18), and no column is a float, a serial or without time zone",
            """
            SELECT a.attrelid::regclass || '.' || a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
            WHERE c.relkind = 'r' AND c.relnamespace::regnamespace::text = ANY ($1) AND a.attnum > 0
                AND NOT a.attisdropped AND (a.atttypid IN ('float4'::regtype, 'float8'::regtype, 'money'::regtype,
                    'timestamp'::regtype, 'json'::regtype, 'bpchar'::regtype, 'varchar'::regtype)
                    OR a.atttypid = 'numeric'::regtype AND format_type(a.atttypid, a.atttypmod)
                        NOT IN ('numeric(38,18)', 'numeric(24,12)', 'numeric(7,4)'))
            """
        ),
        (
            "grove_owner owns everything",
            """
            SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'v')
                AND relnamespace::regnamespace::text = ANY ($1) AND relowner <> 'grove_owner'::regrole
            """
        ),
        (
            "a function that runs as its owner fixes its search_path",
            """
            SELECT oid::regprocedure::text FROM pg_proc WHERE prosecdef AND pronamespace::regnamespace::text = ANY ($1)
                AND NOT coalesce(array_to_string(proconfig, ','), '') ~ 'search_path='
            """
        ),
        (
            // But for an extension's own functions of values, which are its superuser's.
            "PUBLIC may do nothing",
            """
            SELECT c.oid::regclass::text FROM pg_class c, aclexplode(c.relacl) a
            WHERE a.grantee = 0 AND c.relnamespace::regnamespace::text = ANY ($1)
            UNION ALL
            SELECT p.oid::regprocedure::text
            FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
            WHERE a.grantee = 0 AND p.pronamespace::regnamespace::text = ANY ($1)
                AND NOT EXISTS (
                    SELECT FROM pg_depend d
                    WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
            """
        ),
        (
            "no service role is a superuser, passes policies or owns anything",
            """
            SELECT rolname::text FROM pg_roles WHERE (rolname ~ '_(service|worker)$' AND cardinality($1::text[]) > 0)
                AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb
                    OR EXISTS (SELECT FROM pg_class WHERE relowner = pg_roles.oid))
            """
        ),
    ]

    /// Of the contexts, and of what stands under all of them.
    static let namespaces =
        ((try? Repository.migrations.roles.contexts) ?? []) + ["platform", "audit", "app"]

    private func offenders(_ sql: String, _ connection: DatabaseConnection) async throws -> [String] {
        var parameters = Parameters()
        parameters.append(textArray: Self.namespaces)
        return try await connection.query("\(sql) ORDER BY 1", parameters).many { try $0.text(0) }
    }

    @Test func theSchemaKeepsEveryRule() async throws {
        try await withTestDatabase { test in
            for rule in Self.rules {
                let offenders = try await offenders(rule.sql, test.owner)
                #expect(offenders == [], "\(rule.name)")
            }
        }
    }

    /// Each rule is broken once, so that none passes because it looks nowhere.
    @Test func everyRuleBites() async throws {
        try await withTestDatabase { test in
            try await test.owner.script(
                """
                CREATE TABLE app.loose (id serial PRIMARY KEY, user_id uuid NOT NULL, at timestamp, price float8,
                    "order" uuid, CONSTRAINT odd UNIQUE (id, user_id),
                    CONSTRAINT loose_user_fkey FOREIGN KEY ("order") REFERENCES users.users ON DELETE SET NULL);
                GRANT SELECT ON app.loose TO PUBLIC;
                CREATE FUNCTION app.noop() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN RETURN NULL; END';
                CREATE TRIGGER loose_trigger AFTER INSERT ON app.loose EXECUTE FUNCTION app.noop();
                CREATE TABLE public.owned (id int);
                ALTER TABLE public.owned OWNER TO market_worker;
                """)
            for rule in Self.rules {
                let offenders = try await offenders(rule.sql, test.owner)
                #expect(!offenders.isEmpty, "\(rule.name)")
            }
        }
    }
}
