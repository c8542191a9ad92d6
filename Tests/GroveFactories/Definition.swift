/// What the catalog cannot know of a valid row of a table.
///
/// Not here: keys and what they refer to, which follow from the foreign keys; `created_at`, `updated_at`, `revision`
/// and `currency`, which mean the same everywhere; columns that may be NULL or have a default.
///
/// A value may hold, in angle brackets:
/// - `<n>` the number of the row in its table, from 1, and as `<day>`, `<hex>` (64 digits), `<hex40>`: what is
///   unique must differ;
/// - `<parent>` (alone) the key of a parent, where the column may be NULL but this row has one;
/// - `<column>` another column of the row;
/// - `<portfolios.portfolios.id>` a column of a row of that table, made if need be.
struct Definition: Sendable {
    let values: Values
    /// What differs where a column has a value, as `status=failed`, or any value, as `end_reason`.
    let states: [String: Values]

    init(_ values: Values, states: [String: Values] = [:]) {
        self.values = values
        self.states = states
    }

    /// The values under those that a test gives: a loan of status paid_off has nothing outstanding.
    func values(overriddenBy overrides: Values) -> Values {
        var values = values
        for (column, value) in overrides.sorted(by: { $0.key < $1.key }) {
            guard let value else { continue }
            values.merge(states[column] ?? [:]) { $1 }
            values.merge(states["\(column)=\(value)"] ?? [:]) { $1 }
        }
        return values.merging(overrides) { $1 }
    }

    /// Of every table.
    static let all: [String: Definition] = [
        users, platform, audit, market, portfolios, gamification, notifications, loans, automation, trading,
        experts, journal,
    ].reduce(into: [:]) { all, some in all.merge(some) { first, _ in first } }
}

// A morning, and a month later.

/// When rows are made.
public let nine = "2026-01-05T09:00:00Z"
/// See `nine`.
public let ten = "2026-01-05T10:00:00Z"
/// See `nine`.
public let eleven = "2026-01-05T11:00:00Z"
/// See `nine`.
public let noon = "2026-01-05T12:00:00Z"
/// See `nine`.
public let aMonthLater = "2026-02-05T09:00:00Z"

/// 48 bytes that look sealed.
public let sealed = "\\x" + String(repeating: "5a", count: 48)
