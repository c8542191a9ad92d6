import DatabaseClient

extension Migrator {
    /// Runs `body`, and says from time to time that it still runs, for whom it waits and how far it is.
    func watching(
        _ migration: MigrationFile, _ session: Session, _ body: () async throws -> Void
    ) async throws {
        let process = try await session.text("SELECT pg_backend_pid()::text")
        // It is cancelled, and waited for, where this scope ends.
        async let _: Void = watch(migration.title, process)
        try await body()
    }

    private func watch(_ title: String, _ process: String) async {
        let started = ContinuousClock.now
        while (try? await Task.sleep(for: .milliseconds(patience.reportMilliseconds))) != nil {
            let detail = (try? await activity(of: process)) ?? ""
            guard !Task.isCancelled else { return }
            progress(
                "\(title): still running after \(milliseconds(since: started) / 1000) s"
                    + (detail.isEmpty ? "." : "; \(detail)."))
        }
    }

    /// Asked on a connection of its own, since the runner's is busy.
    private func activity(of process: String) async throws -> String {
        let session = try await Session.openAsOwner(connectionString, applicationName: "schema migrate watch")
        return try await session.closing {
            try await session.text(
                """
                SELECT concat_ws('; ',
                    (SELECT 'it waits for ' || string_agg(format('%s (process %s)',
                            coalesce(nullif(other.application_name, ''), 'a program'), other.pid), ', ')
                        FROM pg_catalog.pg_stat_activity AS other
                        WHERE other.pid = ANY (pg_blocking_pids(\(process)))),
                    (SELECT format('%s, %s of %s blocks', build.phase, build.blocks_done, build.blocks_total)
                        FROM pg_catalog.pg_stat_progress_create_index AS build
                        WHERE build.pid = \(process)))
                """)
        }
    }
}
