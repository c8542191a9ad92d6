import CLibPQ
import Glibc

/// One PostgreSQL connection: libpq in pipeline mode, driven by an epoll thread.
///
/// Requests are answered in the order in which they were sent, each closed by its own Sync, so that one's error
/// never touches another's. Any number may be under way at once.
public actor DatabaseConnection {
    /// Limits of one connection.
    struct Limits: Sendable {
        var connect: Duration = .seconds(10)
        /// How long a request may wait for its answer before the connection is given up. The server's own
        /// `statement_timeout` should strike first; this is for a server that no longer answers.
        var answer: Duration = .seconds(60)
    }

    enum Phase {
        case connecting(CheckedContinuation<Void, any Error>)
        case open
        /// COPY: out of pipeline mode, and the socket is watched only while somebody waits for it.
        case copying
        case closed(DatabaseError)
    }

    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// The thread that drives it.
    nonisolated let executor: EpollExecutor

    let limits: Limits
    /// As `limits` say, save for a COPY or a stream, which may take longer.
    var answerLimit: Duration
    private(set) var handle: ConnectionHandle?
    var phase: Phase = .closed(.unavailable("not connected yet"))
    private(set) var socket: Int32 = -1
    private var wantsWriting = false
    private var connectDeadline: ContinuousClock.Instant?
    private var connectTime: Duration = .zero
    private var pending: [PendingRequest] = []
    /// Index of the oldest unanswered request in `pending`.
    private var head = 0
    /// What goes ahead of the next request, in its flight.
    private var held: [Command] = []
    /// Requests whose answers were read just now, and whose callers are resumed next.
    private var answered: [PendingRequest] = []
    /// The number of the next wait during a COPY.
    var nextWaitID: UInt64 = 0
    /// The fingerprints of the statements that are prepared here.
    private var prepared: Set<UInt64> = []
    private var isRetired = false
    /// A shared connection itself, from its retirement to its last answer, with which it ends: nobody else holds it.
    private var lastHold: DatabaseConnection?
    private var onUnusable: (@Sendable () -> Void)?
    /// Who waits for the socket during a COPY, and until when.
    var copyWaiter:
        (id: UInt64, deadline: ContinuousClock.Instant, wake: CheckedContinuation<Void, any Error>)?
    /// Told of each notification, on a connection that listens; nil is the connection's end.
    private var onNotification: (@Sendable (String?) -> Void)?

    private let preparesStatements: Bool
    /// Called for each flight: what is sent while nothing is under way.
    private let onFlight: (@Sendable () -> Void)?

    private init(_ options: ConnectionOptions, on executor: EpollExecutor) {
        limits = options.limits
        answerLimit = options.limits.answer
        preparesStatements = options.preparesStatements
        onFlight = options.onFlight
        self.executor = executor
    }

    /// Connects.
    /// - Parameters:
    ///   - connectionString: a `postgresql://` URL or libpq's `key=value` form.
    ///   - answerLimit: how long a statement may take before the server counts as gone; a migration may take
    ///     days, and keepalives notice a server that is gone for good.
    /// - Throws: ``DatabaseError/unavailable(_:)`` with libpq's words.
    public static func connect(
        _ connectionString: String, answerLimit: Duration = .seconds(60)
    ) async throws -> DatabaseConnection {
        var options = ConnectionOptions(connectionString: connectionString)
        options.limits.answer = answerLimit
        return try await connect(options, on: EpollExecutor.all[0])
    }

    /// Tries the servers in turn until one takes it. Each has an equal share of what is left of the deadline, so
    /// that one which does not answer at all leaves time for the next.
    static func connect(
        _ options: ConnectionOptions, on executor: EpollExecutor
    ) async throws -> DatabaseConnection {
        let deadline = ContinuousClock.now.advanced(by: options.limits.connect)
        let credentials = try await options.currentCredentials()
        let targets = try await ConnectionTarget.all(
            of: options.connectionString, by: options.resolver, before: deadline)
        var failures: [String] = []
        for (index, target) in targets.enumerated() {
            let share = (deadline - .now) / (targets.count - index)
            let connection = DatabaseConnection(options, on: executor)
            do {
                try await connection.open(options.start(at: target, as: credentials), for: share)
                return connection
            } catch DatabaseError.unavailable(let reason) {
                try Task.checkCancellation()
                if !failures.contains(reason) { failures.append(reason) }
            }
        }
        throw DatabaseError.unavailable(failures.joined(separator: "; "))
    }

    /// Whether a new request may be sent.
    var isUsable: Bool {
        if case .open = phase { return !isRetired }
        return false
    }

    /// The state that decides whether a connection may go back to the pool.
    var isIdle: Bool {
        guard isUsable, head == pending.count, let handle else { return false }
        return PQtransactionStatus(handle.raw) == PQTRANS_IDLE
    }

    /// The connection takes no new work: the pool replaces it. What is under way is still answered.
    func retire() {
        isRetired = true
        if onUnusable != nil { lastHold = self }
        endBeingUsable()
    }

    /// Its session has no prepared statement any more. Only for a connection that is not shared.
    func forgetPlans() {
        prepared = []
        isRetired = false
    }

    /// Tells, once, when the connection takes no new work any more: at once where that is so already.
    func whenUnusable(_ tell: @escaping @Sendable () -> Void) {
        guard isUsable else { return tell() }
        onUnusable = tell
    }

    private func endBeingUsable() {
        let tell = onUnusable
        onUnusable = nil
        tell?()
    }

    /// Closes at once; requests under way fail.
    public func close() { fail(.unavailable("the connection was closed")) }

    /// Nothing was sent that is not answered.
    var hasNothingUnderWay: Bool { head == pending.count }

    /// Tells of each notification that arrives from now on.
    func listen(_ channel: String, _ onNotification: @escaping @Sendable (String?) -> Void) async throws {
        self.onNotification = onNotification
        let quoted = channel.replacing("\"", with: "\"\"")
        _ = try await perform([.unnamed("LISTEN \"\(quoted)\"", Parameters())], access: .read)
    }

    // MARK: Connecting

    private func open(_ started: sending ConnectionHandle?, for time: Duration) async throws {
        guard let started else { throw DatabaseError.unavailable("libpq is out of memory") }
        guard PQstatus(started.raw) != CONNECTION_BAD else {
            throw DatabaseError.unavailable(started.message)
        }
        handle = started
        connectTime = time
        connectDeadline = .now.advanced(by: time)
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                phase = .connecting(continuation)
                // PQconnectPoll's first call is made as if the last had asked for writing (libpq's manual).
                watchSocket(forWriting: true)
            }
        } onCancel: {
            Task { await self.close() }
        }
    }

    func watchSocket(forWriting: Bool) {
        guard let handle else { return }
        let current = PQsocket(handle.raw)
        if socket >= 0, socket != current { executor.unwatch(socket) }
        socket = current
        guard current >= 0 else { return }
        wantsWriting = forWriting
        executor.watch(current, forWriting: forWriting) { [weak self] event in
            self?.assumeIsolated { $0.handle(event) }
        }
    }

    private func handle(_ event: EpollExecutor.Event) {
        switch (event, phase) {
        case (.tick(let now), .connecting):
            if let connectDeadline, now > connectDeadline {
                fail(.unavailable("no answer to the connection attempt within \(connectTime)"))
            }
        case (.tick(let now), .open):
            if head < pending.count, now > pending[head].deadline {
                fail(.unavailable("the server has not answered within \(answerLimit)"))
            }
        case (.tick(let now), .copying):
            if let copyWaiter, now > copyWaiter.deadline {
                fail(.unavailable("the server has not answered during a COPY"))
            }
        case (.ready, .connecting): advanceConnecting()
        case (.ready, .copying): wakeCopy()
        case (.ready(let readable, _), .open):
            if readable { receive() }
            flush()
        case (_, .closed): break
        }
    }

    private func advanceConnecting() {
        guard case .connecting(let continuation) = phase, let handle else { return }
        switch PQconnectPoll(handle.raw) {
        case PGRES_POLLING_READING: watchSocket(forWriting: false)
        case PGRES_POLLING_WRITING: watchSocket(forWriting: true)
        case PGRES_POLLING_OK:
            guard PQsetnonblocking(handle.raw, 1) == 0, PQenterPipelineMode(handle.raw) == 1 else {
                return fail(.unavailable(handle.message))
            }
            phase = .open
            watchSocket(forWriting: false)
            continuation.resume()
        default: fail(.unavailable(handle.message))
        }
    }

    // MARK: Sending

    /// Sends the commands in one flight, closed by one Sync: together they are one implicit transaction.
    /// - Parameter isCancellable: false for COMMIT and ROLLBACK, whose answer must be heard.
    nonisolated(nonsending) func perform(
        _ commands: [Command], access: Statement.Access, isCancellable: Bool = true
    ) async throws -> [QueryResult] {
        let request = PendingRequest(
            commands, of: commands.last?.statementName ?? "", access: access, on: executor)
        return try await perform(request, isCancellable: isCancellable)
    }

    nonisolated(nonsending) func perform(
        _ request: PendingRequest, isCancellable: Bool = true
    ) async throws -> [QueryResult] {
        try await request.answer(isCancellable: isCancellable) { request in
            executor.run { self.assumeIsolated { $0.send(request) } }
        }
    }

    /// Puts commands ahead of the next request, in its flight. On a connection that is not shared.
    nonisolated func hold(_ commands: [Command]) {
        executor.run { self.assumeIsolated { $0.held += commands } }
    }

    /// What was held back and never sent, which goes elsewhere or nowhere.
    @discardableResult
    func takeHeld() -> [Command] {
        defer { held = [] }
        return held
    }

    /// Whether a transaction is still to begin.
    var holdsBegin: Bool { held.first?.isBegin == true }

    /// The same, and nothing stands in it.
    var holdsAnEmptyTransaction: Bool {
        held.first?.isBegin == true && !held.dropFirst().contains { $0.isOfCaller }
    }

    var closedError: DatabaseError {
        if case .closed(let error) = phase { return error }
        if case .copying = phase { return .unavailable("a COPY is under way on this connection") }
        return .unavailable("the connection is not open")
    }

    func send(_ request: PendingRequest) {
        guard request.arrive() else { return }
        if request.access == .write { lookAtIdleConnection() }
        guard case .open = phase, let handle else { return request.finish(with: .failure(closedError)) }
        request.deadline = .now.advanced(by: answerLimit)
        if hasNothingUnderWay { onFlight?() }
        if case .script(let sql) = request.commands.first {
            sendScript(sql, request, on: handle)
            return
        }
        request.prepend(held)
        held = []
        // Preparations go first: should an earlier command of this flight fail, the later ones are skipped, and
        // what other requests take for prepared must be prepared all the same.
        for case .execute(let statement, _) in request.commands
        where preparesStatements && prepared.insert(statement.fingerprint).inserted {
            request.preparing.append(statement)
        }
        pending.append(request)
        guard isHandedOver(request, to: handle) else { return fail(.unavailable(handle.message)) }
        flush()
    }

    /// Gives all of a request to libpq's output buffer.
    private func isHandedOver(_ request: PendingRequest, to handle: ConnectionHandle) -> Bool {
        func isSent(_ commands: some Sequence<Command>) -> Bool {
            commands.allSatisfy { $0.send(on: handle.raw, isPrepared: preparesStatements) }
        }
        guard isSent(request.commands.prefix(request.leading)),
            request.preparing.allSatisfy({
                PQsendPrepare(handle.raw, $0.preparedName, $0.sql, 0, nil) == 1
            }),
            isSent(request.commands.dropFirst(request.leading)), PQpipelineSync(handle.raw) == 1
        else { return false }
        guard request.commits else { return true }
        // Behind a Sync of its own: where a statement has failed, what comes up to the Sync is skipped, and the next
        // caller would find a failed transaction.
        return isSent(CollectionOfOne(.commit)) && PQpipelineSync(handle.raw) == 1
    }

    /// A server that went away while nobody asked it anything has said so. That is looked for before a write, whose
    /// outcome could not be known after: the event may still wait in epoll for the loop's next turn.
    private func lookAtIdleConnection() {
        guard case .open = phase, let handle, hasNothingUnderWay,
            PQtransactionStatus(handle.raw) == PQTRANS_IDLE
        else { return }
        var event = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        if poll(&event, 1, 0) > 0 { receive() }
    }

    /// A script of many statements goes by the simple protocol, which pipeline mode does not know.
    private func sendScript(_ sql: String, _ request: PendingRequest, on handle: ConnectionHandle) {
        guard head == pending.count, PQexitPipelineMode(handle.raw) == 1 else {
            request.finish(
                with: .failure(.unavailable("a script wants a connection with nothing else under way")))
            return
        }
        pending.append(request)
        guard PQsendQuery(handle.raw, sql) == 1 else { return fail(.unavailable(handle.message)) }
        flush()
    }

    private func flush() {
        guard case .open = phase, let handle else { return }
        let state = PQflush(handle.raw)
        if state < 0 { return receive() }
        guard wantsWriting != (state == 1) else { return }
        wantsWriting = state == 1
        executor.setWriting(socket, wantsWriting)
    }

    // MARK: Receiving

    private func receive() {
        guard let handle else { return }
        // A lost connection still holds what arrived before it broke: that is read before all else fails.
        let isAlive = PQconsumeInput(handle.raw) == 1
        while case .open = phase, head < pending.count, PQisBusy(handle.raw) == 0 {
            guard let raw = PQgetResult(handle.raw) else {
                if PQstatus(handle.raw) == CONNECTION_BAD { break }
                if pending[head].isScript { finishScript(on: handle) } else { commandEnded() }
                continue
            }
            take(raw)
        }
        resumeAnswered()
        if lastHold != nil, hasNothingUnderWay { return fail(.unavailable("the connection has retired")) }
        drainNotices(handle)
        if let onNotification {
            while let notification = PQnotifies(handle.raw) {
                onNotification(String(cString: notification.pointee.extra))
                PQfreemem(notification)
            }
        }
        if !isAlive || PQstatus(handle.raw) == CONNECTION_BAD { fail(.unavailable(handle.message)) }
    }

    /// An idle connection is told things too, as that the server is going down.
    private func drainNotices(_ handle: ConnectionHandle) {
        guard head == pending.count, case .open = phase else { return }
        while PQisBusy(handle.raw) == 0, let raw = PQgetResult(handle.raw) {
            PQclear(raw)
            if PQstatus(handle.raw) == CONNECTION_BAD { break }
        }
    }

    private func take(_ raw: OpaquePointer) {
        switch PQresultStatus(raw) {
        case PGRES_PIPELINE_SYNC:
            PQclear(raw)
            guard pending[head].syncEnded() else { return }
            if let failed = pending[head].failedPreparation {
                for statement in pending[head].preparing[failed...] {
                    prepared.remove(statement.fingerprint)
                }
            }
            popHead()
        case PGRES_FATAL_ERROR:
            let error = ServerError(raw, statement: pending[head].currentStatementName)
            PQclear(raw)
            pending[head].take(error: error)
            // Plans that the server refuses stay refused for as long as the session lives.
            if DatabaseError.server(error).wantsFreshPlans { retire() }
        case PGRES_PIPELINE_ABORTED: PQclear(raw)
        case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
            PQclear(raw)
            fail(.unavailable("COPY is not possible here"))
        default: pending[head].take(result: QueryResult(raw, statement: pending[head].currentStatementName))
        }
    }

    private func finishScript(on handle: ConnectionHandle) {
        guard PQenterPipelineMode(handle.raw) == 1 else { return fail(.unavailable(handle.message)) }
        popHead()
    }

    private func commandEnded() {
        pending[head].commandEnded()
        // Each statement has its time, however many go in one flight.
        pending[head].deadline = executor.now.advanced(by: answerLimit)
    }

    private func popHead() {
        answered.append(pending[head])
        head += 1
        // The server works on one request after the other, so each has its time from when its turn comes.
        if head < pending.count {
            pending[head].deadline = executor.now.advanced(by: answerLimit)
        }
        // Amortised: the answered ones are dropped in large pieces.
        if head == pending.count {
            pending.removeAll(keepingCapacity: true)
            head = 0
        } else if head > 512 {
            pending.removeFirst(head)
            head = 0
        }
    }

    /// Resumes whoever was answered, all at once: the first wakes a thread of Swift's pool, and it finds the others'
    /// work when it has done the first's.
    private func resumeAnswered() {
        for request in answered { request.finish(with: request.outcome) }
        answered.removeAll(keepingCapacity: true)
    }

    /// Ends the connection: each caller that waits gets the error that fits it.
    func fail(_ error: DatabaseError) {
        if socket >= 0 { executor.unwatch(socket) }
        socket = -1
        handle = nil
        let former = phase
        phase = .closed(error)
        lastHold = nil
        endBeingUsable()
        resumeAnswered()
        if case .connecting(let continuation) = former { continuation.resume(throwing: error) }
        onNotification?(nil)
        onNotification = nil
        copyWaiter?.wake.resume(throwing: error)
        copyWaiter = nil
        let waiting = pending[head...]
        pending = []
        head = 0
        for request in waiting { request.finish(with: .failure(request.meaning(of: error))) }
    }
}

/// Owns libpq's connection and ends it.
final class ConnectionHandle {
    let raw: OpaquePointer

    init(_ raw: OpaquePointer) { self.raw = raw }

    deinit { PQfinish(raw) }

    var message: String {
        let text = PQerrorMessage(raw).map { String(cString: $0) } ?? ""
        return text.isEmpty
            ? "connection lost" : text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
