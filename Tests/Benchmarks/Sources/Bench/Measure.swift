import ArgumentParser

/// What is done again and again.
enum Measure: String, CaseIterable, Codable, Sendable, ExpressibleByArgument {
    /// One row by its key.
    case point
    /// Ten rows by an indexed column.
    case rows10
    /// One row of three columns.
    case insert
    /// SELECT … FOR UPDATE, UPDATE and INSERT between BEGIN and COMMIT.
    case transaction
    /// The point read on a table behind a policy, with `act_as` in the same flight.
    case guarded
    /// COPY of a million rows of three columns, made as they go; an operation is a row, and there is one task.
    case copy

    static let copiedRows = 1_000_000
}
