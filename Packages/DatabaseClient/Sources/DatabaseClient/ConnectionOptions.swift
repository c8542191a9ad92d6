import CLibPQ
import Glibc

/// What a connection is opened with.
struct ConnectionOptions: Sendable {
    var connectionString: String
    var applicationName = "grove"
    /// Settings given at connect, as `statement_timeout`.
    var settings: [(name: String, value: String)] = []
    /// False behind a pooler in transaction mode.
    var preparesStatements = true
    /// Asked at each connect.
    var credentials: (@Sendable () async throws -> Credentials)?
    var limits = DatabaseConnection.Limits()
    var resolver = HostResolver.system
    /// Called for each flight.
    var onFlight: (@Sendable () -> Void)?

    init(connectionString: String) { self.connectionString = connectionString }

    /// Asks the provider, where there is one. Its error could quote a secret, so only its type is told.
    func currentCredentials() async throws -> Credentials? {
        do {
            return try await credentials?()
        } catch {
            throw DatabaseError.unavailable("the credentials provider failed: \(type(of: error))")
        }
    }

    /// Begins to connect without blocking. What the URL says wins over what stands before it, and
    /// given credentials and the target over the URL.
    func start(at target: ConnectionTarget, as credentials: Credentials?) -> ConnectionHandle? {
        let options = settings.map { "-c \($0.name)=\($0.value)" }.joined(separator: " ")
        var keywords = [
            ("application_name", applicationName), ("client_encoding", "UTF8"), ("options", options),
            ("keepalives_idle", "30"), ("keepalives_interval", "10"), ("keepalives_count", "3"),
            ("tcp_user_timeout", "30000"), ("dbname", connectionString),
        ]
        if let credentials {
            keywords += [("user", credentials.user), ("password", credentials.password)]
        }
        keywords += target.keywords.map { ($0.key, $0.value) }
        // strdup'ed copies live until libpq has read them; with 1, `dbname` is expanded as a connection string.
        var names: [UnsafePointer<CChar>?] = keywords.map { UnsafePointer(strdup($0.0)) } + [nil]
        var values: [UnsafePointer<CChar>?] = keywords.map { UnsafePointer(strdup($0.1)) } + [nil]
        defer {
            for pointer in names + values { free(UnsafeMutablePointer(mutating: pointer)) }
        }
        guard let connection = PQconnectStartParams(&names, &values, 1) else { return nil }
        // libpq would print the server's notices to standard error; what matters of them also arrives as results.
        PQsetNoticeProcessor(connection, { _, _ in }, nil)
        return ConnectionHandle(connection)
    }
}
