import DatabaseClient

@testable import SchemaAnalysis

/// Statements over three small tables, each with what is expected of its columns, written by hand.
///
/// `!` is never NULL. `N` may be NULL, and random rows must show it. `n` counts as one that may be NULL by
/// caution: no row shows it, or not by chance.
enum NullabilityCases {
    static let schema = """
        CREATE SCHEMA shop;
        CREATE TABLE shop.users (
            id bigint NOT NULL CONSTRAINT users_pkey PRIMARY KEY, name text NOT NULL, nick text,
            state text NOT NULL, born date, seen_at timestamptz NOT NULL);
        CREATE TABLE shop.posts (
            id bigint NOT NULL CONSTRAINT posts_pkey PRIMARY KEY,
            author_id bigint CONSTRAINT posts_author_id_fkey REFERENCES shop.users ON DELETE CASCADE,
            title text NOT NULL, n int NOT NULL, body text, tags text[] NOT NULL, data jsonb NOT NULL,
            span int4range NOT NULL);
        CREATE TABLE shop.comments (
            id bigint NOT NULL CONSTRAINT comments_pkey PRIMARY KEY,
            post_id bigint NOT NULL CONSTRAINT comments_post_id_fkey REFERENCES shop.posts ON DELETE CASCADE,
            user_id bigint, text text NOT NULL);
        CREATE TABLE shop.labels (
            words text[] CONSTRAINT labels_words_check CHECK (
                cardinality(words) < 9 AND array_position(words, NULL) IS NULL),
            pairs text[] CONSTRAINT labels_pairs_check CHECK (
                cardinality(pairs) < 9 OR array_position(pairs, NULL) IS NULL));
        CREATE VIEW shop.post_authors AS
            SELECT p.id, p.title, u.name, u.nick FROM shop.posts p LEFT JOIN shop.users u ON u.id = p.author_id;
        CREATE VIEW shop.named_posts AS SELECT id, name FROM shop.post_authors WHERE name IS NOT NULL;
        CREATE VIEW shop.all_names AS SELECT name FROM shop.users UNION SELECT nick FROM shop.users;
        CREATE FUNCTION shop.echo(value text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT value $$;
        CREATE FUNCTION shop.pick(choice text[]) RETURNS text LANGUAGE sql VOLATILE
            AS $$ SELECT choice[1 + floor(random() * cardinality(choice))::int] $$;
        """

    static let joins = [
        ("SELECT p.id, p.author_id, p.title, p.body FROM shop.posts p", "!N!N"),
        (
            "SELECT p.id, u.name, u.id AS uid FROM shop.posts p LEFT JOIN shop.users u ON u.id = p.author_id",
            "!NN"
        ),
        ("SELECT p.id, u.name FROM shop.posts p RIGHT JOIN shop.users u ON u.id = p.author_id", "N!"),
        ("SELECT p.id, u.name FROM shop.posts p FULL JOIN shop.users u ON u.id = p.author_id", "NN"),
        ("SELECT p.id, u.name, p.author_id FROM shop.posts p JOIN shop.users u ON u.id = p.author_id", "!!!"),
        ("SELECT p.id, u.name, u.nick FROM shop.posts p CROSS JOIN shop.users u", "!!N"),
        ("SELECT p.id, u.name FROM shop.posts p, shop.users u WHERE u.id = p.author_id", "!!"),
        (
            """
            SELECT u.id, p.title, c.text FROM shop.users u LEFT JOIN shop.posts p ON p.author_id = u.id
                LEFT JOIN shop.comments c ON c.post_id = p.id
            """, "!NN"
        ),
        (
            """
            SELECT u.id, p.title, c.text FROM shop.users u
                LEFT JOIN (shop.posts p JOIN shop.comments c ON c.post_id = p.id) ON p.author_id = u.id
            """, "!NN"
        ),
        (
            """
            SELECT u.id, p.title, c.text FROM shop.users u LEFT JOIN shop.posts p ON p.author_id = u.id
                JOIN shop.comments c ON c.post_id = p.id
            """, "!!!"
        ),
        (
            """
            SELECT u.id, p.title, c.text FROM shop.users u LEFT JOIN shop.posts p ON p.author_id = u.id
                RIGHT JOIN shop.comments c ON c.post_id = p.id
            """, "NN!"
        ),
        (
            """
            SELECT u.id, p.id AS post, c.id AS comment FROM shop.users u
                FULL JOIN shop.posts p ON p.author_id = u.id LEFT JOIN shop.comments c ON c.post_id = p.id
            """, "NNN"
        ),
        ("SELECT id, name FROM shop.posts LEFT JOIN shop.users USING (id)", "!N"),
        ("SELECT id, title, name FROM shop.posts RIGHT JOIN shop.users USING (id)", "!N!"),
        ("SELECT id, title, name FROM shop.posts FULL JOIN shop.users USING (id)", "!NN"),
        (
            """
            SELECT id, a.title, b.text FROM shop.posts a FULL JOIN shop.comments b USING (id)
                LEFT JOIN shop.users c USING (id)
            """, "!NN"
        ),
        (
            """
            SELECT u.name, j.id FROM shop.users u LEFT JOIN
                (shop.posts p FULL JOIN shop.comments c USING (id)) AS j ON j.user_id = u.id
            """, "!N"
        ),
        ("SELECT j.title, j.name FROM (shop.posts p LEFT JOIN shop.users u ON u.id = p.author_id) j", "!N"),
        ("SELECT j.id, j.name FROM (shop.posts LEFT JOIN shop.users USING (id)) j", "!N"),
        (
            "SELECT p.id, u.name FROM shop.posts p LEFT JOIN shop.users u ON u.id = p.author_id WHERE u.id > 0",
            "!!"
        ),
        (
            """
            SELECT u.id, p.title, c.text FROM shop.users u LEFT JOIN shop.posts p ON p.author_id = u.id
                LEFT JOIN shop.comments c ON c.post_id = p.id WHERE c.text <> ''
            """, "!n!"
        ),
        (
            "SELECT p.id, u.name FROM shop.posts p FULL JOIN shop.users u ON u.id = p.author_id WHERE p.n >= 0",
            "!N"
        ),
        (
            """
            SELECT p.author_id, u.nick FROM shop.posts p LEFT JOIN shop.users u
                ON u.id = p.author_id AND p.author_id IS NOT NULL AND u.nick IS NOT NULL
            """, "NN"
        ),
        ("SELECT p.author_id FROM shop.posts p JOIN shop.users u ON p.author_id = u.id", "!"),
        (
            "SELECT p.author_id FROM shop.comments c LEFT JOIN (shop.posts p JOIN shop.users u ON u.id = p.author_id) ON p.id = c.post_id",
            "N"
        ),
        ("SELECT posts, users FROM shop.posts LEFT JOIN shop.users ON users.id = posts.author_id", "!N"),
        (
            """
            SELECT x.t, u.id FROM shop.users u LEFT JOIN LATERAL
                (SELECT p.title AS t FROM shop.posts p WHERE p.author_id = u.id ORDER BY p.id LIMIT 1) x ON true
            """, "N!"
        ),
        (
            """
            SELECT x.t, x.k FROM shop.users u CROSS JOIN LATERAL
                (SELECT p.title AS t, u.nick AS k FROM shop.posts p WHERE p.author_id = u.id) x
            """, "!N"
        ),
        ("SELECT x.k FROM shop.users u CROSS JOIN LATERAL (SELECT u.nick AS k) x WHERE u.nick <> ''", "!"),
    ]

    static let nested = [
        ("SELECT * FROM shop.post_authors", "!!NN"),
        ("SELECT v.id, v.name FROM shop.post_authors v WHERE v.name IS NOT NULL", "!!"),
        ("SELECT id, name FROM shop.named_posts", "!!"),
        ("SELECT c.id, v.name FROM shop.comments c LEFT JOIN shop.named_posts v ON v.id = c.post_id", "!N"),
        ("SELECT name FROM shop.all_names", "N"),
        (
            """
            WITH d AS (SELECT p.id, u.name FROM shop.posts p LEFT JOIN shop.users u ON u.id = p.author_id)
            SELECT * FROM d
            """, "!N"
        ),
        (
            "WITH a AS (SELECT id, nick FROM shop.users), b AS (SELECT * FROM a WHERE nick <> '') SELECT * FROM b",
            "!!"
        ),
        (
            "WITH a AS (SELECT id FROM shop.users) SELECT p.id, a.id AS a FROM shop.posts p LEFT JOIN a USING (id)",
            "!N"
        ),
        ("SELECT z.id, z.nick FROM (SELECT u.id, u.nick FROM shop.users u WHERE u.nick IS NOT NULL) z", "!!"),
        ("WITH d AS (DELETE FROM shop.posts WHERE n > 1 RETURNING *) SELECT d.id, d.author_id FROM d", "!N"),
        (
            """
            WITH i AS (INSERT INTO shop.users (id, name, state, seen_at) SELECT 1000 + n, title, 'a', now()
                FROM shop.posts WHERE id = 1 RETURNING id, nick) SELECT id, nick FROM i
            """, "!N"
        ),
        (
            """
            WITH RECURSIVE up AS (SELECT id, author_id, 0 AS depth, body FROM shop.posts
                UNION ALL SELECT p.id, p.author_id, depth + 1, up.body FROM shop.posts p JOIN up
                    ON p.author_id = up.id WHERE depth < 3)
            SELECT * FROM up
            """, "!N!N"
        ),
        (
            """
            WITH RECURSIVE t AS (SELECT 1 AS k, 'a'::text AS w UNION ALL
                SELECT k + 1, (SELECT nick FROM shop.users LIMIT 1) FROM t WHERE k < 3)
            SELECT k, w FROM t
            """, "!N"
        ),
        (
            """
            WITH RECURSIVE t AS (SELECT 1 AS k, 'a'::text AS w, 'b'::text AS v UNION ALL
                SELECT k + 1, v, (SELECT nick FROM shop.users LIMIT 1) FROM t WHERE k < 4)
            SELECT k, w, v FROM t
            """, "!NN"
        ),
        ("SELECT id FROM shop.users UNION ALL SELECT author_id FROM shop.posts", "N"),
        ("SELECT id, name FROM shop.users UNION SELECT id, title FROM shop.posts", "!!"),
        ("SELECT name FROM shop.users INTERSECT SELECT nick FROM shop.users", "!"),
        ("SELECT nick FROM shop.users EXCEPT SELECT name FROM shop.users", "N"),
        ("SELECT name FROM shop.users EXCEPT SELECT nick FROM shop.users", "!"),
        ("(SELECT id FROM shop.users UNION SELECT id FROM shop.posts) UNION ALL SELECT NULL::bigint", "N"),
        ("VALUES (1, 'a'), (2, NULL)", "!N"),
        ("SELECT v.a, v.b FROM (VALUES (1, 'x'), (2, 'y')) v (a, b)", "!!"),
        ("SELECT p.id, v.b FROM shop.posts p LEFT JOIN (VALUES (1, 'x')) v (a, b) ON v.a = p.id", "!N"),
        ("SELECT g FROM generate_series(1, 3) g", "!"),
        ("SELECT g, o FROM generate_series(1, 3) WITH ORDINALITY AS s (g, o)", "!!"),
        ("SELECT a, b FROM ROWS FROM (generate_series(1, 2), generate_series(1, 3)) AS s (a, b)", "Nn"),
        ("SELECT x FROM unnest(:words::text[]) x", "!"),
        ("SELECT x FROM shop.posts p, unnest(p.tags) x", "N"),
        ("SELECT x FROM shop.posts p, unnest(ARRAY[p.title, 'b']) x", "!"),
        ("SELECT x FROM shop.posts p, unnest(string_to_array(p.body, 'a')) x", "!"),
        ("SELECT e FROM shop.posts p, jsonb_array_elements(p.data -> 'list') e", "!"),
        ("SELECT e FROM shop.posts p, jsonb_array_elements_text(p.data -> 'list') e", "N"),
    ]

    static let expressions = [
        (
            "SELECT coalesce(u.nick, 'x'), coalesce(u.nick, p.title), coalesce(u.nick, p.body) FROM shop.posts p JOIN shop.users u ON true",
            "!!N"
        ),
        (
            "SELECT n::text, n + 1, title || 'x', n::numeric(38,18), -n, n > 3, title LIKE 'a%' FROM shop.posts",
            "!!!!!!!"
        ),
        (
            "SELECT body::varchar(3), body || 'x', upper(body), length(body), born::text FROM shop.posts JOIN shop.users ON true",
            "NNNNN"
        ),
        (
            "SELECT data ->> 'a', data -> 'a', data #>> '{a}', data ? 'a', data || '{}' FROM shop.posts",
            "NNN!!"
        ),
        (
            "SELECT lower(span), upper(span), lower(title), isempty(span), span * span FROM shop.posts",
            "NN!!!"
        ),
        (
            "SELECT tags[1], cardinality(tags), array_length(tags, 1), array_to_string(tags, ','), tags || 'x'::text FROM shop.posts",
            "N!N!!"
        ),
        (
            "SELECT substring(title, 1, 1), substring(title FROM '[x]+'), split_part(title, 'a', 2), left(title, 1) FROM shop.posts",
            "!N!!"
        ),
        (
            "SELECT to_char(seen_at, 'HH24'), extract(hour FROM seen_at), date_trunc('day', seen_at), seen_at::time, seen_at::date FROM shop.users",
            "NN!N!"
        ),
        (
            "SELECT CASE WHEN n > 1 THEN 'a' END, CASE WHEN n > 1 THEN 'a' ELSE 'b' END, CASE n WHEN 1 THEN body ELSE 'b' END FROM shop.posts",
            "N!N"
        ),
        (
            "SELECT nullif(n, 1), n IS NULL, body IS NULL, body IS DISTINCT FROM title, (body = 'a') IS TRUE FROM shop.posts",
            "N!!!!"
        ),
        (
            "SELECT greatest(n, 1), greatest(body, title), least(body, NULL), least(body, nick) FROM shop.posts JOIN shop.users ON true",
            "!!NN"
        ),
        (
            "SELECT now(), CURRENT_DATE, CURRENT_USER, gen_random_uuid(), current_setting('no.such', true)",
            "!!!!N"
        ),
        (
            "SELECT EXISTS (SELECT), ARRAY(SELECT nick FROM shop.users), ARRAY[nick], ROW(nick) FROM shop.users",
            "!!!!"
        ),
        (
            "SELECT (SELECT max(n) FROM shop.posts), (SELECT count(*) FROM shop.posts), (SELECT n FROM shop.posts LIMIT 1)",
            "N!N"
        ),
        (
            "SELECT (SELECT coalesce(sum(n), 0) FROM shop.posts), (SELECT coalesce(sum(n), 0) FROM shop.posts GROUP BY id LIMIT 1), (SELECT 1), (SELECT 1 WHERE false)",
            "!N!N"
        ),
        (
            "SELECT (SELECT count(*) FROM shop.posts HAVING count(*) > 2), (SELECT count(*) FROM shop.posts LIMIT 0)",
            "NN"
        ),
        (
            "SELECT n IN (1, 2), n IN (1, NULL), body IN ('a'), n = ANY (:ns::int[]), title = ANY (tags) FROM shop.posts",
            "!NN!N"
        ),
        (
            "SELECT n IN (SELECT n FROM shop.posts), id IN (SELECT author_id FROM shop.posts), author_id IN (SELECT id FROM shop.users) FROM shop.posts",
            "!NN"
        ),
        (
            "SELECT n > 1 AND title <> '', n > 1 OR body = 'a', NOT (body = 'a'), NOT (n = 1) FROM shop.posts",
            "!NN!"
        ),
        (
            "SELECT shop.echo(title), concat(title, n), concat_ws('-', title, n), md5(title), ascii(title) FROM shop.posts",
            "n!!!!"
        ),
        (
            "SELECT jsonb_build_object('a', n), to_jsonb(title), jsonb_typeof(data), data -> 'list' -> 0 FROM shop.posts",
            "!!!N"
        ),
        ("SELECT generate_series(1, 2), generate_series(1, 3)", "Nn"),
        ("SELECT p.xmin::text, p.tableoid, p FROM shop.posts p", "!!!"),
        ("SELECT nick COLLATE \"C\", name COLLATE \"C\" FROM shop.users", "N!"),
        ("SELECT (seen_at, name) < (now(), 'x'), seen_at AT TIME ZONE 'Europe/Berlin' FROM shop.users", "!!"),
        ("SELECT :a::text, :b?::text, coalesce(:c, 'x'), :d::int + 1", "!N!!"),
        ("SELECT nick FROM shop.users WHERE nick IS NOT NULL", "!"),
        ("SELECT nick FROM shop.users WHERE NOT (nick IS NULL)", "!"),
        ("SELECT nick FROM shop.users WHERE nick = :nick", "!"),
        ("SELECT nick FROM shop.users WHERE nick IS NOT DISTINCT FROM :nick", "N"),
        ("SELECT nick FROM shop.users WHERE lower(nick) LIKE 'a%' AND born > '1900-01-01'", "!"),
        ("SELECT nick, born FROM shop.users WHERE nick = 'a' OR born IS NOT NULL", "NN"),
        ("SELECT nick FROM shop.users WHERE nick = ANY (:nicks::text[])", "!"),
        ("SELECT nick FROM shop.users WHERE nick <> ALL (:nicks::text[])", "n"),
        ("SELECT nick FROM shop.users WHERE coalesce(nick, 'a') = 'a'", "N"),
        ("SELECT body FROM shop.posts WHERE (body > 'a') IS NOT TRUE", "N"),
        ("SELECT * FROM (SELECT nick, born FROM shop.users) z WHERE nick > ''", "!N"),
        ("SELECT p.body, u.nick FROM shop.posts p, shop.users u WHERE p.body = u.nick", "!!"),
        ("SELECT title = ANY ('{a,b}'::text[]), title = ANY ('{a,NULL}'::text[]) FROM shop.posts", "!N"),
    ]

    static let groups = [
        (
            "SELECT count(*), count(body), max(n), sum(n), avg(n), array_agg(n), bool_and(n > 1) FROM shop.posts",
            "!!NNNNN"
        ),
        (
            "SELECT title, count(*), max(n), sum(n), max(body), array_agg(body), string_agg(title, ',') FROM shop.posts GROUP BY title",
            "!!!!N!!"
        ),
        (
            "SELECT author_id, sum(n) FILTER (WHERE n > 2), stddev(n) FROM shop.posts GROUP BY author_id",
            "NNN"
        ),
        (
            "SELECT state, nick, count(*) FROM shop.users GROUP BY state, nick HAVING max(born) IS NOT NULL",
            "!N!"
        ),
        ("SELECT state, count(*), GROUPING(state), sum(id) FROM shop.users GROUP BY ROLLUP (state)", "N!!N"),
        ("SELECT state, name FROM shop.users GROUP BY GROUPING SETS ((state), (name))", "NN"),
        (
            "SELECT coalesce(state, 'all'), upper(state) FROM shop.users GROUP BY CUBE (state, upper(state))",
            "!N"
        ),
        (
            "SELECT coalesce(state, 'all') AS s, count(*) FROM shop.users GROUP BY ROLLUP (coalesce(state, 'all'))",
            "N!"
        ),
        (
            "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY n), mode() WITHIN GROUP (ORDER BY n) FROM shop.posts GROUP BY title",
            "nn"
        ),
        (
            "SELECT row_number() OVER (), rank() OVER (ORDER BY n), lag(n) OVER (ORDER BY id), lead(n, 1, 0) OVER (ORDER BY id) FROM shop.posts",
            "!!Nn"
        ),
        (
            "SELECT sum(n) OVER (ORDER BY id), sum(n) OVER (), count(body) OVER (), max(body) OVER (ORDER BY id) FROM shop.posts",
            "!!!N"
        ),
        (
            "SELECT sum(n) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING), first_value(n) OVER w, nth_value(n, 2) OVER w, last_value(body) OVER w FROM shop.posts WINDOW w AS (ORDER BY id)",
            "N!NN"
        ),
        (
            "SELECT sum(n) OVER (ORDER BY id ROWS UNBOUNDED PRECEDING EXCLUDE CURRENT ROW), sum(n) FILTER (WHERE n > 3) OVER (ORDER BY id) FROM shop.posts",
            "NN"
        ),
        ("SELECT DISTINCT ON (state) state, nick FROM shop.users ORDER BY state, id", "!N"),
        ("SELECT s.m FROM (SELECT author_id, max(n) AS m FROM shop.posts GROUP BY author_id) s", "!"),
        (
            "SELECT u.id, s.m FROM shop.users u LEFT JOIN (SELECT author_id, max(n) AS m FROM shop.posts GROUP BY author_id) s ON s.author_id = u.id",
            "!N"
        ),
        ("SELECT sum(sum(n)) OVER (ORDER BY title) FROM shop.posts GROUP BY title", "!"),
    ]

    static let changes = [
        (
            "INSERT INTO shop.users (id, name, nick, state, seen_at) VALUES (:id, :name, :nick, 'a', now()) RETURNING id, name, nick, (xmax = 0)",
            "!!N!"
        ),
        (
            "INSERT INTO shop.users (id, name, nick, state, seen_at) VALUES (2000, 'a', 'b', 'c', now()) RETURNING nick, coalesce(nick, name)",
            "n!"
        ),
        (
            """
            INSERT INTO shop.users AS u (id, name, nick, state, seen_at) SELECT id, title, body, 'a', now()
                FROM shop.posts ON CONFLICT (id) DO UPDATE SET nick = excluded.nick, name = u.name || 'x'
            RETURNING id, name, nick
            """, "!!N"
        ),
        (
            "UPDATE shop.posts p SET n = n + 1 FROM shop.users u WHERE u.id = p.author_id RETURNING p.id, u.nick, p.author_id",
            "!Nn"
        ),
        ("UPDATE shop.users SET nick = NULL WHERE nick IS NOT NULL RETURNING id, nick", "!N"),
        ("UPDATE shop.users SET nick = :nick WHERE nick IS NOT NULL RETURNING nick", "N"),
        (
            """
            UPDATE shop.posts p SET n = 0 FROM shop.users u LEFT JOIN shop.comments c ON c.user_id = u.id
            WHERE p.author_id = u.id RETURNING p.title, u.name, c.text
            """, "!!N"
        ),
        (
            """
            UPDATE shop.posts p SET n = 0 FROM shop.users u LEFT JOIN shop.comments c ON c.user_id = u.id
            WHERE p.author_id = u.id AND c.user_id = p.author_id RETURNING c.text, c.user_id
            """, "!!"
        ),
        ("DELETE FROM shop.users WHERE nick IS NOT NULL RETURNING id, nick, born", "!!N"),
        (
            "DELETE FROM shop.comments c USING shop.posts p WHERE p.id = c.post_id RETURNING c.text, p.body, c.user_id",
            "!NN"
        ),
        ("SELECT id, nick FROM shop.users WHERE nick > '' ORDER BY id FOR UPDATE SKIP LOCKED", "!!"),
        (
            """
            MERGE INTO shop.users u USING shop.posts p ON p.id = u.id
            WHEN MATCHED THEN UPDATE SET nick = p.body WHEN NOT MATCHED THEN DO NOTHING
            """, ""
        ),
    ]

    static var all: [(sql: String, expected: String)] { joins + nested + expressions + groups + changes }

    /// What PostgreSQL has since version 16.
    static let since16 = [
        ("SELECT any_value(n), any_value(body) FROM shop.posts GROUP BY title", "!N"),
        ("SELECT any_value(n) FROM shop.posts", "N"),
        (
            "SELECT JSON_OBJECT('a': n), JSON_ARRAY(n, title), body IS JSON, JSON_ARRAYAGG(n) FROM shop.posts GROUP BY n, title, body",
            "nnNn"
        ),
        ("SELECT date_add(seen_at, '1 day'), random_normal(), SYSTEM_USER FROM shop.users", "nnN"),
    ]

    /// Statements with the parameters, in their order, that a caller may pass as nil.
    static let parameters = [
        ("SELECT FROM shop.users WHERE id = :id AND nick = :nick", "!!"),
        ("SELECT FROM shop.users WHERE :nick::text IS NULL OR nick = :nick", "N"),
        ("SELECT FROM shop.users WHERE nick IS NOT DISTINCT FROM :nick", "N"),
        ("SELECT FROM shop.users WHERE name = coalesce(:name, name)", "N"),
        (
            "INSERT INTO shop.users (id, name, nick, state, seen_at) VALUES (:id, :name, :nick, lower(:state), now())",
            "!!N!"
        ),
        (
            "INSERT INTO shop.users (id, name, nick, state, seen_at) VALUES (:a, 'a', :b, 'c', now()), (:c, 'a', :d, 'c', now())",
            "!N!N"
        ),
        (
            "INSERT INTO shop.users (id, nick, name, state, seen_at) SELECT id, :nick, :name, state, now() FROM shop.users",
            "N!"
        ),
        (
            "UPDATE shop.posts SET body = :body, title = :title, author_id = :author::bigint WHERE id = :id",
            "N!N!"
        ),
        ("UPDATE shop.posts SET body = CASE WHEN :keep::bool THEN body ELSE :body END", "!N"),
        ("UPDATE shop.posts SET body = upper(:body)", "!"),
        (
            "INSERT INTO shop.users AS u (id, name, state, seen_at) VALUES (1, 'a', 'b', now()) ON CONFLICT (id) DO UPDATE SET nick = :nick, name = :name",
            "N!"
        ),
        (
            "WITH x AS (UPDATE shop.posts SET body = :body WHERE n = :n RETURNING id) SELECT id FROM x WHERE id > :id",
            "N!!"
        ),
        (
            """
            MERGE INTO shop.users u USING shop.posts p ON p.id = u.id AND p.n = :n
            WHEN MATCHED THEN UPDATE SET nick = :nick
            WHEN NOT MATCHED THEN INSERT (id, name, state, born, seen_at) VALUES (p.id, :name, 'a', :born, now())
            """, "!N!N"
        ),
        (
            "INSERT INTO shop.users (id, name, nick, state, seen_at) VALUES (:id, :name, :nick!, :state?, now())",
            "!!!N"
        ),
        ("UPDATE shop.posts SET tags = :tags WHERE body <> :body", "!!"),
    ]
}

extension NullabilityCases {
    /// Runs `body` on a new database with the tables.
    static func withSchema(
        on server: TestServer = .shared,
        _ body: (DatabaseConnection, StatementAnalyzer) async throws -> Void
    ) async throws {
        try await withScratch(on: server) { database in
            try await withConnection(database) { connection in
                try await connection.script(schema)
                let types = TypeInference(catalog: try await Catalog.read(connection))
                try await body(connection, StatementAnalyzer(connection: connection, types: types))
            }
        }
    }
}
