import CLibPQ
import Glibc

/// What a connection is opened with.
struct ConnectionOptions: Sendable {
    var connectionString: String
    var applicationName = "grove"
    /// Settings given at connect, as `statement_timeout`.
    var settings: [(name: String, value: String)] = []
    var limits = DatabaseConnection.Limits()

    init(connectionString: String) { self.connectionString = connectionString }

    /// Begins to connect without blocking. The URL comes last, so what it says itself wins.
    func start() -> ConnectionHandle? {
        let options = settings.map { "-c \($0.name)=\($0.value)" }.joined(separator: " ")
        let keywords = [
            ("application_name", applicationName), ("client_encoding", "UTF8"), ("options", options),
            ("keepalives_idle", "30"), ("keepalives_interval", "10"), ("keepalives_count", "3"),
            ("tcp_user_timeout", "30000"), ("dbname", connectionString),
        ]
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
