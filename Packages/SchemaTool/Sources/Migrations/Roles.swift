import DatabaseClient
import Foundation

/// The login roles of the whole cluster: who owns the schema, and as whom each service connects.
///
/// Migrations never make a role, since roles outlive databases; `schema roles` does, and may run again at any
/// time.
public struct Roles: Sendable, Hashable {
    /// Owns every object, runs the migrations and the seed, and serves nobody.
    public static let owner = "grove_owner"

    /// The bounded contexts that have a schema namespace and a service of their own, as the file `contexts`
    /// beside the migrations names them.
    public let contexts: [String]

    /// Those of them that no service serves yet: `loans planned`. Their statements are checked against the schema; their
    /// roles stand, because policies name them, and may do nothing.
    public let planned: Set<String>

    public init(contexts: [String], planned: Set<String> = []) {
        self.contexts = contexts
        self.planned = planned
    }

    /// The contexts that serve.
    public var served: [String] { contexts.filter { !planned.contains($0) } }

    /// The role a context's service connects as.
    public static func service(of context: String) -> String { "\(context)_service" }

    /// The role that only finds work across users.
    public static func worker(of context: String) -> String { "\(context)_worker" }

    /// Every service and worker role.
    public var services: [String] {
        contexts.flatMap { [Self.service(of: $0), Self.worker(of: $0)] }
    }

    /// Makes the roles that are missing, sets right the ones that are not, and gives them this database.
    ///
    /// - Parameters:
    ///   - connectionString: of a superuser, or of a role with CREATEROLE that owns the database.
    ///   - environment: passwords, as `USERS_SERVICE_PASSWORD`; a role without one keeps what it has.
    ///   - ownsCluster: whether no other database stands in the cluster, so that its others are closed to the roles.
    ///   - progress: hears one line a change.
    public func create(
        connectionString: String, environment: [String: String] = [:], ownsCluster: Bool = false,
        progress: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws {
        let session = try await Session.open(connectionString, applicationName: "schema roles")
        try await session.closing {
            // Two that change one role, or the rights on one database, at once fail with "tuple concurrently
            // updated". The lock goes with the session.
            try await session.connection.script("SELECT pg_advisory_lock(\(Self.lockKey))")
            for role in [Self.owner] + services {
                try await create(
                    role, password: environment["\(role.uppercased())_PASSWORD"], session, progress)
            }
            try await grantDatabase(session, ownsCluster: ownsCluster)
            progress("The roles may connect to \(try await session.text("SELECT current_database()")).")
        }
    }

    /// Any number that no other program uses; "roles" in ASCII.
    private static let lockKey = 0x72_6F6C_6573

    /// What holds for a service where its connection sets nothing, as behind a transaction pooler: a statement that
    /// somebody waits for ends, and so does a transaction that was left open.
    private static let timeouts = [
        ("statement_timeout", "30s"), ("idle_in_transaction_session_timeout", "1min"),
    ]

    private func create(
        _ role: String, password: String?, _ session: Session, _ progress: (String) -> Void
    ) async throws {
        let attributes = "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION"
        let state = try await session.texts(
            """
            SELECT CASE WHEN rolcanlogin AND NOT (rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole
                OR rolreplication) THEN 'right' ELSE 'wrong' END
            FROM pg_catalog.pg_roles WHERE rolname = \(literal(role))
            """
        ).first
        if state == nil {
            do {
                try await session.connection.script("CREATE ROLE \(role) \(attributes)")
                progress("Made the role \(role).")
            } catch let error as DatabaseError where ["42710", "23505"].contains(error.sqlState) {
                progress("The role \(role) was made by another run just now.")
            }
        } else if state == "wrong" {
            try await session.connection.script("ALTER ROLE \(role) \(attributes)")
            progress("Took from the role \(role) the attributes that it must not have.")
        }
        if role != Self.owner { try await limit(role, session, progress) }
        if let password {
            try await session.connection.script("ALTER ROLE \(role) PASSWORD \(literal(password))")
            progress("Set the password of \(role).")
        }
    }

    private func limit(
        _ role: String, _ session: Session, _ progress: (String) -> Void
    ) async throws {
        let present = try await session.texts(
            """
            SELECT unnest(coalesce(setting.setconfig, '{}'))
            FROM pg_catalog.pg_db_role_setting AS setting
            JOIN pg_catalog.pg_roles AS role ON role.oid = setting.setrole
            WHERE setting.setdatabase = 0 AND role.rolname = \(literal(role))
            """)
        // What an operator has set otherwise stays.
        for (name, value) in Self.timeouts where !present.contains(where: { $0.hasPrefix("\(name)=") }) {
            do {
                try await session.connection.script("ALTER ROLE \(role) SET \(name) = \(literal(value))")
                progress("Set \(name) of \(role) to \(value).")
            } catch let error as DatabaseError where ["23505", "XX000"].contains(error.sqlState) {
                // A run on another database of the cluster, where our lock is not seen, sets the same.
                progress("Another run sets \(name) of \(role) just now.")
            }
        }
    }

    /// Functions that make large objects, which no right on a table bounds and PostgreSQL gives every role.
    static let largeObjects =
        "pg_catalog.lo_creat(integer), pg_catalog.lo_create(oid), pg_catalog.lo_from_bytea(oid, bytea)"

    private func grantDatabase(_ session: Session, ownsCluster: Bool) async throws {
        let database = quoted(try await session.text("SELECT current_database()"))
        let isSuperuser = try await session.text(Session.isSuperuser) == "yes"
        let connecting = [Self.owner] + Self(contexts: served).services
        let planned = Self(contexts: contexts.filter(planned.contains)).services.joined(separator: ", ")
        let noLargeObjects = "REVOKE EXECUTE ON FUNCTION \(Self.largeObjects) FROM PUBLIC;"
        // Without IN SCHEMA: with it, the default right of PUBLIC to execute new functions would stay.
        try await session.connection.script(
            """
            \(isSuperuser ? noLargeObjects : "GRANT \(Self.owner) TO CURRENT_USER;")
            \(ownsCluster ? "REVOKE CONNECT, TEMPORARY ON DATABASE postgres, template1 FROM PUBLIC;" : "")
            REVOKE ALL ON DATABASE \(database) FROM PUBLIC;
            REVOKE CREATE ON SCHEMA public FROM PUBLIC;
            GRANT CREATE, TEMPORARY ON DATABASE \(database) TO \(Self.owner);
            \(planned.isEmpty ? "" : "REVOKE CONNECT ON DATABASE \(database) FROM \(planned);")
            GRANT CONNECT ON DATABASE \(database) TO \(connecting.joined(separator: ", "));
            ALTER DEFAULT PRIVILEGES FOR ROLE \(Self.owner) REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
            """)
    }
}

extension Roles {
    static let fileName = "contexts"

    /// Reads the file `contexts`: one name a line, `planned` after it where it does not serve yet, and what follows `#` is
    /// a comment.
    init(parsing text: String, faults: inout [String]) {
        var contexts: [String] = []
        var planned: Set<String> = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: true) {
            let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
            let isPlanned = words.count == 2 && words.last == "planned"
            let name = isPlanned ? words.prefix(1).joined() : words.joined(separator: " ")
            if name.isEmpty { continue }
            if name.wholeMatch(of: /[a-z][a-z0-9_]*/) == nil {
                faults.append(
                    "\(Self.fileName) has \"\(name)\", which is not one name of small letters, digits and "
                        + "underscores, with or without `planned` after it.")
            } else if contexts.contains(name) {
                faults.append("\(Self.fileName) has \(name) twice.")
            } else {
                contexts.append(name)
                if isPlanned { planned.insert(name) }
            }
        }
        self.init(contexts: contexts, planned: planned)
    }
}
