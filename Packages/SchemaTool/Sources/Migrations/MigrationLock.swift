import DatabaseClient

/// The lock that lets one runner at a time change a database.
///
/// It is polled: a blocking wait would itself be a transaction that CREATE INDEX CONCURRENTLY of the holder
/// waits for, and the two would never end. Whoever has it keeps it as a shared lock, so that the connections of
/// the files have it too: it is held for as long as any of them works, whatever becomes of the others.
struct MigrationLock: Sendable {
    /// Any number that no other program uses; "grove" in ASCII.
    private static let key = 0x67_726F_7665
    private static let pollMilliseconds = 200

    let session: Session
    let deadlineSeconds: Int

    /// Takes the lock, and tells `progress` once for whom it waits. It is freed when the connection closes.
    func acquire(_ progress: (String) -> Void) async throws {
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(deadlineSeconds)
        var told: String?
        while try await !isAcquired() {
            let holder = try await holder()
            guard clock.now < deadline else {
                throw MigrationError.locked(holder: holder, waitedSeconds: deadlineSeconds)
            }
            if told != holder {
                progress("Waiting for the migration lock, which \(holder) holds.")
                told = holder
            }
            try await Task.sleep(for: .milliseconds(Self.pollMilliseconds))
        }
        // It lies idle while a file runs, however long that takes.
        try await session.connection.script(
            """
            SELECT pg_advisory_lock_shared(\(Self.key));
            SELECT pg_advisory_unlock(\(Self.key));
            SET idle_session_timeout = 0;
            """)
    }

    /// Gives the connection of a file its share. Throws where this one has lost the lock.
    func share(with other: Session) async throws {
        try await session.connection.script("SELECT 1")
        let isShared = try await other.text(
            "SELECT CASE WHEN pg_try_advisory_lock_shared(\(Self.key)) THEN 'yes' ELSE 'no' END")
        guard isShared == "yes" else {
            throw MigrationError.locked(holder: try await holder(), waitedSeconds: 0)
        }
    }

    /// Who has the lock says so in its name, and since when: others may not read a session's other columns.
    private func isAcquired() async throws -> Bool {
        try await session.text(
            """
            SELECT CASE WHEN pg_try_advisory_lock(\(Self.key)) THEN set_config('application_name',
                current_setting('application_name')
                    || to_char(now() AT TIME ZONE 'UTC', '", since "YYYY-MM-DD HH24:MI:SS" UTC"'), false)
                ELSE '' END
            """) != ""
    }

    private func holder() async throws -> String {
        let holders = try await session.texts(
            """
            SELECT format('%s (process %s, %s)', coalesce(nullif(activity.application_name, ''), 'a program'),
                activity.pid, coalesce(activity.usename, 'unknown user'))
            FROM pg_catalog.pg_locks AS held JOIN pg_catalog.pg_stat_activity AS activity USING (pid)
            WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 1
                AND held.classid = \(Self.key >> 32)::oid AND held.objid = \(Self.key & 0xFFFF_FFFF)::oid
                AND held.database =
                    (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
            ORDER BY strpos(activity.application_name, ', since ') = 0
            """)
        return holders.first ?? "a runner that has just ended"
    }
}
