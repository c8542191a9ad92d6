import Foundation

/// Starting a program with `posix_spawn`, directly: Foundation's `Process` may spawn from a thread of its
/// own, and the parent-death signal of the server fires when the spawning thread ends.
enum ChildProcess {
    /// Starts a program in a process group of its own, so that Ctrl-C at the terminal reaches the parent
    /// alone, which then stops its server in good order. Output and errors go to `output`.
    static func spawn(_ arguments: [String], output: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, output, 2)
        // A server outlives many sockets and pipes of its parent. A descriptor inherited by accident would
        // keep a port taken, or a reader of our output waiting, after the parent is gone.
        for descriptor in openDescriptors() where descriptor > 2 {
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A parent started in the background by a shell ignores SIGINT, and a test runner may block signals;
        // the child must not inherit either, for SIGINT is how it learns that the parent has died.
        var every = sigset_t()
        sigfillset(&every)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &every)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
        posix_spawnattr_setflags(&attributes, Int16(flags))

        // Nothing of PGDATA, PGOPTIONS, LC_ALL or TZ of the person at the terminal reaches the server.
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let process = try withCStrings(arguments) { argv in
            try withCStrings(["PATH=\(path)", "LC_ALL=C", "TZ=UTC"]) { environment in
                var process: pid_t = 0
                let code = posix_spawn(&process, arguments[0], &actions, &attributes, argv, environment)
                guard code == 0 else {
                    throw EmbeddedPostgresError(
                        .serverFailed, "\(arguments[0]) could not be run: \(String(cString: strerror(code)))."
                    )
                }
                return process
            }
        }
        return process
    }

    /// What a short program prints; nil when it cannot be run. Waits for it.
    static func output(of arguments: [String]) -> String? {
        // Closed on exec: a child that another thread starts meanwhile must not keep the pipe open.
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { return nil }
        let reading = FileHandle(fileDescriptor: ends[0], closeOnDealloc: true)
        let spawned = try? spawn(arguments, output: ends[1])
        close(ends[1])
        guard let process = spawned else { return nil }
        let data = try? reading.readToEnd()
        waitForExit(of: process)
        reap(process)
        return data.map { String(decoding: $0, as: UTF8.self) }
    }

    /// Returns when the child has ended. It stays a zombie, so that its number cannot be given to another
    /// process before `reap`, and a signal sent meanwhile hits nobody.
    static func waitForExit(of process: pid_t) {
        var information = siginfo_t()
        while waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT) == -1, errno == EINTR {}
    }

    static func hasExited(_ process: pid_t) -> Bool {
        var information = siginfo_t()
        let code = waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT | WNOHANG)
        return code == -1 ? errno == ECHILD : information.si_signo == SIGCHLD
    }

    /// Frees the process number, and tells how the child ended: nil after exit code 0, else in words.
    @discardableResult
    static func reap(_ process: pid_t) -> String? {
        var status: Int32 = 0
        while waitpid(process, &status, 0) == -1 {
            if errno != EINTR { return nil }
        }
        let signal = status & 0x7f
        if signal != 0 { return "was killed by signal \(signal)" }
        let code = (status >> 8) & 0xff
        return code == 0 ? nil : "ended with exit code \(code)"
    }

    private static func openDescriptors() -> [Int32] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: "/dev/fd")
        return (names ?? []).compactMap { Int32($0) }
    }

    private static func withCStrings<T>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) throws -> T
    ) rethrows -> T {
        let pointers = strings.map { strdup($0) }
        defer { pointers.forEach { free($0) } }
        return try body(pointers + [nil])
    }
}
