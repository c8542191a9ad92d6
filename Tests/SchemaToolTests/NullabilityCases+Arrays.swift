extension NullabilityCases {
    /// Arrays, each with whether it may hold NULL. The first is what sqlc-dev/sqlc#1413, jackc/pgx#2147 and
    /// vapor/postgres-nio#323 report: an outer join that finds nothing gives `{NULL}`, not an empty array.
    static let arrays = [
        (
            "SELECT array_agg(p.title) FROM shop.users u LEFT JOIN shop.posts p ON p.author_id = u.id GROUP BY u.id",
            "N"
        ),
        (
            """
            SELECT array_agg(p.title) FILTER (WHERE p.id IS NOT NULL), array_agg(u.name), array_agg(u.nick)
            FROM shop.users u LEFT JOIN shop.posts p ON p.author_id = u.id GROUP BY u.id
            """, "!!N"
        ),
        ("SELECT array_agg(p.title) FROM shop.users u JOIN shop.posts p ON p.author_id = u.id", "!"),
        ("SELECT ARRAY[name, nick], ARRAY[name, 'x'], ARRAY[1, id]::text[] FROM shop.users", "N!!"),
        ("SELECT ARRAY(SELECT nick FROM shop.users), ARRAY(SELECT name FROM shop.users)", "N!"),
        ("SELECT tags, tags[1:2], tags || 'x'::text FROM shop.posts", "NNN"),
        ("SELECT words, pairs FROM shop.labels", "!N"),
        ("SELECT coalesce(words, '{}'), coalesce(words, '{NULL}') FROM shop.labels", "!N"),
        ("SELECT '{a,b}'::text[], '{a,NULL}'::text[], NULL::text[]", "!N!"),
        ("WITH t AS (SELECT array_agg(body) AS bodies FROM shop.posts) SELECT bodies FROM t", "N"),
        ("SELECT x.names FROM (SELECT array_agg(name) AS names FROM shop.users) x", "!"),
        ("SELECT array_agg(name) FROM shop.users UNION ALL SELECT array_agg(nick) FROM shop.users", "N"),
        ("SELECT array_agg(name) FROM shop.users UNION ALL SELECT array_agg(title) FROM shop.posts", "!"),
        ("SELECT string_to_array(title, 'a'), string_to_array(title, 'a', 'x') FROM shop.posts", "!N"),
        ("SELECT array_append(ARRAY['a'], nick), array_append(ARRAY['a'], name) FROM shop.users", "N!"),
        ("SELECT array_agg(nick) OVER (), array_agg(name) OVER () FROM shop.users", "N!"),
        (
            "SELECT array_agg(nick) FILTER (WHERE nick > ''), array_agg(n ORDER BY nick) FROM shop.users, shop.posts",
            "!!"
        ),
        ("SELECT array_agg(DISTINCT body), array_agg(title) FROM shop.posts GROUP BY ROLLUP (n)", "Nn"),
        (
            "SELECT CASE WHEN n > 1 THEN ARRAY[title] END, CASE WHEN n > 1 THEN ARRAY[body] END FROM shop.posts",
            "!N"
        ),
        ("SELECT v.a FROM (VALUES (ARRAY['a']), (ARRAY[NULL])) v (a)", "N"),
        ("SELECT p.words FROM shop.users u LEFT JOIN shop.labels p ON true", "!"),
    ]

    /// Statements with the parameters, in their order, whose elements a caller may pass as nil.
    static let elements = [
        (
            """
            INSERT INTO shop.users (id, name, nick, state, seen_at) SELECT i.id, i.name, i.nick, 'a', now()
            FROM unnest(:ids::bigint[], :names::text[], :nicks::varchar(9)[]) AS i (id, name, nick)
            """, "!!N"
        ),
        (
            """
            WITH i AS (SELECT id, nick::text AS n FROM unnest(:ids::bigint[], :nicks::varchar[]) AS x (id, nick))
            INSERT INTO shop.users (id, name, nick, state, seen_at) SELECT id, 'a', n, 'b', now() FROM i
            """, "!N"
        ),
        (
            """
            UPDATE shop.users AS u SET nick = i.nick, name = i.name
            FROM (SELECT * FROM unnest(:ids::bigint[], :nicks::text[], :names::text[]) AS x (id, nick, name)) AS i
            WHERE u.id = i.id
            """, "!N!"
        ),
        (
            """
            SELECT coalesce(i.word, '') FROM unnest(:words::text[], :others::text[]) AS i (word, other)
            JOIN shop.users AS u ON u.nick IS NOT DISTINCT FROM i.other
            """, "NN"
        ),
        (
            "SELECT 1 FROM shop.users WHERE id = ANY (:ids::bigint[]) AND coalesce(:words::text[], '{}') <> '{}'",
            "!!"
        ),
        ("UPDATE shop.posts SET tags = :tags WHERE title = ANY (:titles)", "!!"),
        (
            """
            INSERT INTO shop.users (id, name, nick, state, seen_at)
            SELECT id, 'a', CASE WHEN id > 1 THEN nick END, 'b', now()
            FROM unnest(:ids::bigint[], :nicks::text[]) AS i (id, nick)
            """, "!N"
        ),
    ]
}
