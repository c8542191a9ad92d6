/// Why a connection did not come about, from the words of libpq, the server or a pooler.
///
/// At connect there is no SQLSTATE to go by, so a server that speaks another language than English is only
/// quoted.
struct ConnectionFault: Sendable, Hashable {
    /// The step at which it stopped.
    let step: String
    /// What to do.
    let advice: String

    init(_ words: String) {
        let known = Self.known.first { $0.signs.contains { words.contains($0) } }
        step = known?.step ?? "connection"
        advice =
            known?.advice
            ?? "This tool does not know this refusal. The server's log says more than it tells a client."
    }

    /// More particular signs stand before more general ones.
    private static let known: [(step: String, signs: [String], advice: String)] = [
        (
            "address",
            [
                "missing \"=\" after", "invalid URI", "invalid connection option", "invalid port number",
                "invalid integer value", "invalid sslmode value", "unterminated quoted string",
                "invalid percent-encoded token", "could not match", "end of string reached",
                "unexpected character",
            ],
            "Write it as postgresql://user@host:5432/database; a sign such as @ or / in a part is "
                + "percent-encoded (%40, %2F)."
        ),
        (
            "name", ["could not translate host name", "could not look up local user"],
            "No address for this host's name: look for a slip in it, ask `getent hosts NAME`, and in a "
                + "container "
                + "see that both are on one network."
        ),
        (
            "pooler",
            ["unsupported startup parameter", "pgbouncer", "no such database:", "query_wait_timeout"],
            "A pooler answers here, not PostgreSQL. Migrations need the direct address of the server."
        ),
        (
            "port", ["Connection refused"],
            "The machine answers, but nothing listens on this port: is the server started, is the port "
                + "right, "
                + "and does its listen_addresses hold this address?"
        ),
        (
            "port", ["No such file or directory"],
            "There is no such socket: is the server started, and is `host` the folder of its sockets "
                + "(unix_socket_directories)?"
        ),
        (
            "port",
            ["no answer to the connection attempt", "timeout expired", "timed out", "No route to host"],
            "Nothing came back: a firewall or a security group swallows the packets, the address is "
                + "wrong, or "
                + "the server hangs."
        ),
        (
            "TLS", ["server does not support SSL"],
            "The server has no TLS (ssl = off), and sslmode asks for it. Turn it on there; only on a network "
                + "that is yours alone use sslmode=prefer."
        ),
        (
            "TLS", ["no encryption", "SSL off"],
            "pg_hba.conf lets this user come from here only with TLS, or not at all: try "
                + "sslmode=require, and "
                + "then ask for a line for this user, database and address."
        ),
        (
            "TLS",
            ["certificate verify failed", "root certificate", "does not match host name", "SSL error"],
            "The server's certificate is not trusted: give its authority by sslrootcert, and the name "
                + "that the "
                + "certificate has as the host."
        ),
        (
            "server", ["received invalid response", "expected authentication request"],
            "What listens on this port does not speak PostgreSQL's protocol: look at the port."
        ),
        (
            "server",
            ["starting up", "shutting down", "in recovery mode", "not yet accepting connections"],
            "The server is on its way up or down: wait a little and try again."
        ),
        (
            "login", ["password authentication failed"],
            "The password is wrong, or has expired, or there is no such role: with passwords the server "
                + "does not "
                + "say which. `schema roles` sets one from GROVE_OWNER_PASSWORD and the like."
        ),
        (
            "login", ["no password supplied", "empty password"],
            "The server wants a password: put it in PGPASSWORD or in a ~/.pgpass of mode 600."
        ),
        (
            "login", ["Peer authentication failed", "Ident authentication failed"],
            "On this socket the server goes by the account of the operating system: run this as that "
                + "account, or "
                + "connect over TCP with a password."
        ),
        (
            "login", ["no pg_hba.conf entry", "pg_hba.conf rejects"],
            "pg_hba.conf has no line for this user, database and address: ask for one."
        ),
        (
            "connections", ["too many clients", "remaining connection slots", "too many connections"],
            "All connections are taken. See who has them in pg_stat_activity, close what idles, and make the "
                + "pools smaller before max_connections larger; a role or database may have a limit of its "
                + "own."
        ),
        (
            "database", ["permission denied for database", "does not have CONNECT privilege"],
            "This role may not connect to this database: run `schema roles` on it as a superuser."
        ),
        (
            "login", ["role \""],
            "There is no such role. `schema roles`, as a superuser, makes those of the schema."
        ),
        (
            "database", ["database \""],
            "Make it (`createdb NAME`), or correct its name; then run `schema roles` and `schema migrate up`."
        ),
        (
            "server", ["server closed the connection unexpectedly"],
            "It took the connection and dropped it: a load balancer without a server behind it, a server "
                + "that "
                + "crashed, or a port that speaks something else."
        ),
    ]
}
