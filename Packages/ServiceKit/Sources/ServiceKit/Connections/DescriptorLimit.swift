import Glibc

/// How many files and sockets the process may have open.
enum DescriptorLimit {
    /// What is kept for anything but clients and the database: the log, files, listeners, other services.
    static let reserve = 64
    /// More than this one process serves well.
    private static let most = 10_000

    /// Raises the soft limit to the hard one, and gives what holds then.
    static func raise() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1_024 }
        if limit.rlim_cur < limit.rlim_max {
            var raised = limit
            raised.rlim_cur = limit.rlim_max
            if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 { limit = raised }
        }
        return Int(min(limit.rlim_cur, rlim_t(Int32.max)))
    }

    /// How many clients may be connected at once.
    static func connections(descriptors: Int, databaseConnections: Int) -> Int {
        min(most, max(16, descriptors - databaseConnections - reserve))
    }
}
