import CLibPQ

// COPY is not possible in pipeline mode, so the connection leaves it for as long as the COPY lasts. Each step
// tries libpq without blocking and suspends until the socket is ready: what is not asked for is not read, and
// what cannot be written is not taken, so neither side's memory grows.
extension DatabaseConnection {
    /// How many bytes of rows one step gathers.
    private static let chunkBytes = 64 << 10
    private static let timeouts = ["statement_timeout", "idle_in_transaction_session_timeout"]

    // MARK: COPY … FROM STDIN

    func beginCopyIn(_ statement: Statement, timeout: Duration) async throws {
        try await beginCopy(statement, timeout, expecting: PGRES_COPY_IN)
    }

    /// Hands over a piece of the data; returns once the operating system has taken all of it.
    func putCopyData(_ chunk: [UInt8]) async throws {
        guard case .copying = phase, let handle else { throw closedError }
        guard !chunk.isEmpty else { return }
        let state = chunk.withUnsafeBytes {
            PQputCopyData(handle.raw, $0.baseAddress?.assumingMemoryBound(to: CChar.self), Int32($0.count))
        }
        // 0 is "no memory for it" here: libpq's buffer is empty before each piece.
        guard state == 1 else { throw lost(handle) }
        try await flushCopy(handle)
    }

    /// Ends the data and returns how many rows PostgreSQL took.
    func finishCopyIn(_ statement: Statement) async throws -> Int {
        guard case .copying = phase, let handle else { throw closedError }
        guard PQputCopyEnd(handle.raw, nil) == 1 else { throw lost(handle) }
        try await flushCopy(handle)
        return try await endCopy(handle, statement)
    }

    /// Tells PostgreSQL that the data will not be completed, so that it undoes the COPY. A server that does not
    /// take even that within a second loses the connection, which undoes it as well.
    func abortCopyIn(_ statement: Statement) async {
        guard case .copying = phase, let handle else { return }
        guard PQputCopyEnd(handle.raw, "given up by the client") == 1 else {
            return fail(.unavailable(handle.message))
        }
        do {
            try await flushCopy(handle, isAborting: true)
            _ = try await endCopy(handle, statement, isAborting: true)
        } catch {
            // The server's word that the COPY failed is what was wanted; anything else has closed the connection.
        }
    }

    // MARK: COPY … TO STDOUT

    func beginCopyOut(_ statement: Statement, timeout: Duration) async throws {
        try await beginCopy(statement, timeout, expecting: PGRES_COPY_OUT)
    }

    /// The next rows' bytes, or nil at the end.
    func nextCopyData(_ statement: Statement) async throws -> [UInt8]? {
        guard case .copying = phase, let handle else { throw closedError }
        var chunk: [UInt8] = []
        while true {
            var row: UnsafeMutablePointer<CChar>?
            let length = PQgetCopyData(handle.raw, &row, 1)
            switch length {
            case 1...:
                if let row {
                    chunk.append(contentsOf: UnsafeRawBufferPointer(start: row, count: Int(length)))
                    PQfreemem(row)
                }
                if chunk.count >= Self.chunkBytes { return chunk }
            case 0:
                guard chunk.isEmpty else { return chunk }
                try await waitForSocket(handle)
            default:
                // The end waits in libpq for the next call, which finds it again.
                guard chunk.isEmpty else { return chunk }
                _ = try await endCopy(handle, statement)
                return nil
            }
        }
    }

    /// A COPY that was left in the middle cannot be told from a slow one: the connection goes.
    func closeUnfinishedCopy() {
        if case .copying = phase { fail(.unavailable("a COPY was left unfinished")) }
    }

    // MARK: The steps

    /// Sets how long each statement may take, and how long may pass between two, until the transaction ends.
    func setTimeouts(_ timeout: Duration) async throws {
        let milliseconds = max(1, Int(timeout / .milliseconds(1)))
        _ = try await perform(
            Self.timeouts.map { .unnamed("SET LOCAL \($0) = \(milliseconds)", Parameters()) }, access: .read)
        // As for every statement: half as much again, and a server that is silent meanwhile is given up.
        answerLimit = timeout + timeout / 2
    }

    /// What the session began with holds again.
    func resetTimeouts() async throws {
        answerLimit = limits.answer
        _ = try await perform(
            Self.timeouts.map { .unnamed("SET LOCAL \($0) TO DEFAULT", Parameters()) }, access: .read)
    }

    private func beginCopy(
        _ statement: Statement, _ timeout: Duration, expecting expected: ExecStatusType
    ) async throws {
        try await setTimeouts(timeout)
        guard case .open = phase, let handle else { throw closedError }
        guard hasNothingUnderWay, PQexitPipelineMode(handle.raw) == 1 else {
            throw DatabaseError.unavailable("a COPY wants a connection with nothing else under way")
        }
        executor.unwatch(socket)
        phase = .copying
        guard PQsendQueryParams(handle.raw, statement.sql, 0, nil, nil, nil, nil, 0) == 1 else {
            throw lost(handle)
        }
        try await flushCopy(handle)
        guard let raw = try await nextResult(handle) else { throw lost(handle) }
        defer { PQclear(raw) }
        switch PQresultStatus(raw) {
        case expected: return
        case PGRES_FATAL_ERROR:
            let error = ServerError(raw, statement: statement.name)
            try await drainAndReopen(handle, isAborting: false)
            throw DatabaseError.server(error)
        default:
            fail(.unavailable("\(statement.name) is not a COPY in this direction"))
            throw closedError
        }
    }

    private func endCopy(
        _ handle: ConnectionHandle, _ statement: Statement, isAborting: Bool = false
    ) async throws -> Int {
        guard let raw = try await nextResult(handle, isAborting: isAborting) else { throw lost(handle) }
        let result = QueryResult(raw, statement: statement.name)
        let error =
            PQresultStatus(raw) == PGRES_COMMAND_OK ? nil : ServerError(raw, statement: statement.name)
        try await drainAndReopen(handle, isAborting: isAborting)
        if let error { throw DatabaseError.server(error) }
        return try result.affectedRows
    }

    private func drainAndReopen(_ handle: ConnectionHandle, isAborting: Bool) async throws {
        while let raw = try await nextResult(handle, isAborting: isAborting) { PQclear(raw) }
        guard PQstatus(handle.raw) == CONNECTION_OK, PQenterPipelineMode(handle.raw) == 1 else {
            throw lost(handle)
        }
        phase = .open
        watchSocket(forWriting: false)
    }

    private func nextResult(
        _ handle: ConnectionHandle, isAborting: Bool = false
    ) async throws -> OpaquePointer? {
        while PQisBusy(handle.raw) == 1 { try await waitForSocket(handle, isAborting: isAborting) }
        return PQgetResult(handle.raw)
    }

    private func flushCopy(_ handle: ConnectionHandle, isAborting: Bool = false) async throws {
        while true {
            switch PQflush(handle.raw) {
            case 0: return
            case 1: try await waitForSocket(handle, forWriting: true, isAborting: isAborting)
            default: throw lost(handle)
            }
        }
    }

    private func lost(_ handle: ConnectionHandle) -> DatabaseError {
        fail(.unavailable(handle.message))
        return closedError
    }

    // MARK: Waiting

    /// Suspends until the socket is ready, and takes what it has. While nobody waits it is not watched at all.
    private func waitForSocket(
        _ handle: ConnectionHandle, forWriting: Bool = false, isAborting: Bool = false
    ) async throws {
        let id = nextWaitID
        nextWaitID += 1
        if isAborting {
            try await suspend(id, forWriting, for: .seconds(1))
        } else {
            try Task.checkCancellation()
            try await withTaskCancellationHandler {
                try await suspend(id, forWriting, for: answerLimit)
            } onCancel: {
                Task { await self.cancelCopyWait(id) }
            }
        }
        guard case .copying = phase else { throw closedError }
        // Also while writing: two sides that both only write would wait for each other for ever.
        guard PQconsumeInput(handle.raw) == 1 else { throw lost(handle) }
    }

    private func suspend(_ id: UInt64, _ forWriting: Bool, for time: Duration) async throws {
        try await withCheckedThrowingContinuation { (wake: CheckedContinuation<Void, any Error>) in
            guard case .copying = phase else { return wake.resume(throwing: closedError) }
            copyWaiter = (id, .now.advanced(by: time), wake)
            watchSocket(forWriting: forWriting)
        }
    }

    private func cancelCopyWait(_ id: UInt64) {
        guard let waiter = copyWaiter, waiter.id == id else { return }
        executor.unwatch(socket)
        copyWaiter = nil
        waiter.wake.resume(throwing: CancellationError())
    }

    func wakeCopy() {
        executor.unwatch(socket)
        let waiter = copyWaiter
        copyWaiter = nil
        waiter?.wake.resume()
    }
}
