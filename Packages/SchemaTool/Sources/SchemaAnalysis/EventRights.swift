import Migrations

/// Which types of events each context appends to the log, and of which it reads the payloads.
public struct EventRights: Sendable, Hashable {
    let appended: [String: [String]]
    let read: [String: [String]]

    /// - Parameters: types by context.
    public init(appended: [String: [String]], read: [String: [String]]) {
        self.appended = appended
        self.read = read
    }

    /// Calls of the schema's functions that set this, the same for the same rights. No policy could say it that is not
    /// written for the role: it must have constants alone, since a subquery would run for each event.
    func statements(for roles: Roles) -> [String] {
        let types = roles.contexts.flatMap { context in
            [
                "SELECT platform.let_append('\(Roles.service(of: context))', '\(list(appended[context]))');",
                "SELECT platform.let_read('\(Roles.worker(of: context))', '\(list(read[context]))');",
            ]
        }
        let workers = roles.contexts.map(Roles.worker)
        return [
            "", "-- Which events each role appends and reads.",
            "SELECT platform.let_find_work('\(list(workers))');",
        ]
            + types
    }

    private func list(_ words: [String]?) -> String { "{\((words ?? []).sorted().joined(separator: ","))}" }
}
