import Foundation
import Logging
import Synchronization

/// Starts the server and keeps it running, from one thread that lives as long as the server should: the
/// kernel tells the server that its parent died when the *thread* that started it ends, and all waiting here
/// blocks, which the cooperative pool must not.
final class Supervisor: Sendable {
    private struct State {
        /// The child that runs now, `initdb` or the server: not yet reaped, so a signal to it hits nobody
        /// else.
        var child: pid_t?
        var serverProcess: pid_t = 0
        var isOwner = false
        var isStopping = false
        var isFinished = false
        var stopped: [CheckedContinuation<Void, Never>] = []
    }

    /// What was found or made, and is watched now.
    private enum Server {
        case own(pid_t)
        case joined(pid_t)
    }

    private let configuration: EmbeddedPostgres.Configuration
    private let logger: Logger
    private let progress: @Sendable (String) -> Void
    private let state = Mutex(State())
    /// Ends a pause of the thread early.
    private let wake = DispatchSemaphore(value: 0)

    init(
        _ configuration: EmbeddedPostgres.Configuration, logger: Logger,
        progress: @escaping @Sendable (String) -> Void
    ) {
        self.configuration = configuration
        self.logger = logger
        self.progress = progress
    }

    var serverProcess: pid_t { state.withLock { $0.serverProcess } }
    var isOwner: Bool { state.withLock { $0.isOwner } }

    // MARK: - From any task

    func launch(started: CheckedContinuation<Cluster, any Error>) {
        let thread = Thread { [self] in
            run(started)
            let waiting = state.withLock { state in
                state.isFinished = true
                defer { state.stopped = [] }
                return state.stopped
            }
            for continuation in waiting { continuation.resume() }
        }
        thread.name = "embedded-postgres"
        thread.start()
    }

    func requestStop() {
        state.withLock { state in
            guard !state.isStopping else { return }
            state.isStopping = true
            if let child = state.child { kill(child, SIGINT) }
        }
        wake.signal()
        // An immediate shutdown leaves its recovery to the next start; SIGKILL is for a server that is stuck.
        for (delaySeconds, signal) in [(30.0, SIGQUIT), (40.0, SIGKILL)] {
            DispatchQueue.global().asyncAfter(deadline: .now() + delaySeconds) { [weak self] in
                self?.state.withLock { state in
                    if let child = state.child { kill(child, signal) }
                }
            }
        }
    }

    func stop() async {
        requestStop()
        await withCheckedContinuation { continuation in
            let isFinished = state.withLock { state in
                if !state.isFinished { state.stopped.append(continuation) }
                return state.isFinished
            }
            if isFinished { continuation.resume() }
        }
    }

    // MARK: - On the thread

    private func run(_ started: CheckedContinuation<Cluster, any Error>) {
        let cluster: Cluster
        do { cluster = try Cluster(configuration) } catch { return started.resume(throwing: error) }
        var ownership: FileHandle?
        defer { if ownership != nil { cluster.sockets.remove() } }
        var server: Server
        do { server = try bringUp(cluster, &ownership) } catch { return started.resume(throwing: error) }
        started.resume(returning: cluster)
        watch(cluster, &server, &ownership)
        state.withLock { $0.serverProcess = 0 }
    }

    /// Waits for the server's end again and again, and starts it anew until `stop()` is called.
    private func watch(_ cluster: Cluster, _ server: inout Server, _ ownership: inout FileHandle?) {
        let shortestBackoff = 0.1
        let longestBackoff = 5.0
        var backoff = shortestBackoff
        while true {
            let begin = DispatchTime.now()
            switch server {
            case .own(let process):
                ChildProcess.waitForExit(of: process)
                let end = collect(process) ?? "ended"
                guard !isStopping else { return }
                logger.warning("The embedded PostgreSQL server \(end) and is started again.")
            case .joined(let process):
                while ClusterProcesses.isServer(process, of: cluster.folder.cluster), !isStopping {
                    pause(seconds: 0.25)
                }
                guard !isStopping else { return }
                logger.warning(
                    "The embedded PostgreSQL server of another process is gone and is started again.")
            }
            state.withLock { $0.serverProcess = 0 }
            if begin + 10 < .now() { backoff = shortestBackoff }
            var next: Server?
            while next == nil {
                pause(seconds: backoff)
                backoff = min(backoff * 2, longestBackoff)
                do {
                    next = try bringUp(cluster, &ownership)
                } catch {
                    guard !isStopping else { return }
                    logger.error("The embedded PostgreSQL server did not start: \(error)")
                }
            }
            if let next { server = next }
        }
    }

    /// Gives a server that answers: somebody else's while they hold the lock, else one started here.
    ///
    /// Whoever gets the lock knows that the former owner is dead, so a server that still runs has lost its
    /// parent and is on its way out (after `kill -9` of the parent it is writing its last checkpoint).
    private func bringUp(_ cluster: Cluster, _ ownership: inout FileHandle?) throws -> Server {
        let waitSeconds = 90.0
        let deadline = DispatchTime.now() + waitSeconds
        var announced: Set<String> = []
        func announce(_ text: String) {
            if announced.insert(text).inserted { progress(text) }
        }
        var obstacle = ""
        while DispatchTime.now() < deadline {
            if ownership == nil { ownership = try cluster.folder.tryLock() }
            if ownership == nil {
                if let process = answering(cluster) {
                    state.withLock { ($0.serverProcess, $0.isOwner) = (process, false) }
                    return .joined(process)
                }
                obstacle = "another process that is starting or stopping the server on \(cluster.folder.path)"
            } else {
                try clearTheWay(cluster, until: deadline, announce: announce)
                if let process = try startServer(cluster) {
                    state.withLock { ($0.serverProcess, $0.isOwner) = (process, true) }
                    return .own(process)
                }
                obstacle = "the remains of an earlier server on \(cluster.folder.path)"
            }
            announce("Waiting for \(obstacle) …")
            pause(seconds: 0.1)
            try throwIfStopping()
        }
        throw EmbeddedPostgresError(
            .timedOut,
            "Waited \(Int(waitSeconds)) seconds for \(obstacle). The server's log: \(cluster.folder.log)")
    }

    /// Ends what an earlier server left. A postmaster shuts down by itself or at our request; the backends of
    /// one that was killed would notice at their next wait, but a busy one may not for long, and PostgreSQL
    /// does not start beside it: SIGQUIT is what their postmaster would have sent.
    private func clearTheWay(
        _ cluster: Cluster, until deadline: DispatchTime, announce: (String) -> Void
    ) throws {
        let begin = DispatchTime.now()
        var asked = false
        while case let processes = cluster.runningProcesses(), !processes.isEmpty {
            guard DispatchTime.now() < deadline else {
                throw EmbeddedPostgresError(
                    .timedOut,
                    "Processes of an earlier server on \(cluster.folder.path) do not end: \(processes).")
            }
            let postmaster = cluster.folder.postmasterFile()?.processID
            if let postmaster, processes.contains(postmaster), begin + 30 > .now() {
                announce("Waiting for the server of a process that has died (\(postmaster)) to shut down …")
                if !asked { kill(postmaster, SIGINT) }
                asked = true
            } else {
                announce("Ending \(processes.count) processes that a killed server left …")
                for process in processes { kill(process, begin + 10 > .now() ? SIGQUIT : SIGKILL) }
            }
            pause(seconds: 0.1)
            try throwIfStopping()
        }
        // Nothing of the cluster runs. The number in its file may be another process's by now, or a zombie's,
        // and PostgreSQL, which only asks whether such a process exists, would refuse to start.
        unlink("\(cluster.folder.cluster)/postmaster.pid")
    }

    /// Starts the server and waits until it answers.
    /// - Returns: nil when remains of an earlier server were in its way, and it is worth trying again.
    private func startServer(_ cluster: Cluster) throws -> pid_t? {
        try makeCluster(cluster)
        try cluster.sockets.prepare()
        let log = try cluster.folder.openLog()
        let logStart = try log.seekToEnd()
        let process = try spawn(cluster.serverCommand(), output: log)
        var begin = DispatchTime.now()
        while !ChildProcess.hasExited(process) {
            if isReady(process, cluster) { return process }
            if begin + 5 < .now() {
                progress("Waiting for the server, which is recovering its data …")
                begin = .now()
            }
            pause(seconds: 0.02)
        }
        let end = collect(process) ?? "ended at once"
        try throwIfStopping()
        let lines = cluster.folder.lastLogLines(since: logStart)
        let lingering = [#"lock file "postmaster.pid" already exists"#, "is still in use"]
        if lingering.contains(where: lines.contains) { return nil }
        throw EmbeddedPostgresError(
            .serverFailed,
            "The PostgreSQL server \(end). Its log, \(cluster.folder.log), ends with:\n\(lines)")
    }

    /// Initialises a new cluster beside its place and moves it there when it is complete, so that one that
    /// was interrupted is never taken for a good one.
    private func makeCluster(_ cluster: Cluster) throws {
        cluster.folder.removeInterruptedClusters()
        guard try cluster.folder.clusterMajor() == nil else { return }
        progress(
            "Making a new PostgreSQL \(cluster.binaries.majorVersion) cluster in \(cluster.folder.path) …")
        let temporary = "\(cluster.folder.path)/initdb-\(UUID().uuidString)"
        let log = try cluster.folder.openLog()
        let logStart = try log.seekToEnd()
        let process = try spawn(cluster.initdbCommand(into: temporary), output: log)
        ChildProcess.waitForExit(of: process)
        let failure = collect(process)
        try throwIfStopping()
        if let failure {
            throw EmbeddedPostgresError(
                .serverFailed, "initdb \(failure):\n\(cluster.folder.lastLogLines(since: logStart))")
        }
        try cluster.folder.adopt(temporary)
    }

    /// PostgreSQL writes "ready" into `postmaster.pid` when it begins to accept sessions (`pg_ctl -w` waits
    /// for the same word), and the socket shows that the way to it is open. So this needs no libpq and no
    /// login.
    private func isReady(_ process: pid_t, _ cluster: Cluster) -> Bool {
        let file = cluster.folder.postmasterFile()
        return file?.processID == process && file?.status == .ready && cluster.sockets.answers()
    }

    /// The postmaster that somebody else owns, if it is ready.
    private func answering(_ cluster: Cluster) -> pid_t? {
        guard let process = cluster.folder.postmasterFile()?.processID,
            ClusterProcesses.isServer(process, of: cluster.folder.cluster), isReady(process, cluster)
        else { return nil }
        return process
    }

    private func spawn(_ command: [String], output: FileHandle) throws -> pid_t {
        try state.withLock { state in
            if state.isStopping { throw EmbeddedPostgresError(.stopped, "The start was given up.") }
            let process = try ChildProcess.spawn(command, output: output.fileDescriptor)
            state.child = process
            return process
        }
    }

    private func collect(_ process: pid_t) -> String? {
        state.withLock { state in
            state.child = nil
            return ChildProcess.reap(process)
        }
    }

    private var isStopping: Bool { state.withLock { $0.isStopping } }

    private func throwIfStopping() throws {
        if isStopping { throw EmbeddedPostgresError(.stopped, "The start was given up.") }
    }

    /// Sleeps, but not through a `stop()`.
    private func pause(seconds: Double) {
        if !isStopping { _ = wake.wait(timeout: .now() + seconds) }
    }
}
