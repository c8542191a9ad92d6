import GroveFactories

/// A row that one constraint refuses: a valid row of its table, but for these columns.
///
/// What PostgreSQL can tell needs no case: NULL where it is not allowed, the key of a parent that is nobody's, the
/// unique columns of another row. Every CHECK needs one, and so does a key that something else would refuse first.
/// In angle brackets stand `<first.id>`, a column of a row that is there already, `<id>`, one of the row's own, and
/// `<nobody>`, a key that is nobody's.
struct Violation: Sendable, ExpressibleByDictionaryLiteral {
    let row: Values
    /// Columns in which the row that is there already differs from what the factory makes.
    let standing: Values

    init(dictionaryLiteral columns: (String, String?)...) {
        row = Values(uniqueKeysWithValues: columns)
        standing = [:]
    }

    /// A row that only another one makes wrong.
    static func beside(_ standing: Values, _ row: Values) -> Violation {
        Violation(row: row, standing: standing)
    }

    private init(row: Values, standing: Values) {
        self.row = row
        self.standing = standing
    }

    /// By namespace and constraint; several where a CHECK has several parts.
    static let all: [String: [Violation]] = [
        users, platform, audit, market, portfolios, gamification, notifications, loans, automation, trading,
        experts, journal,
    ].reduce(into: [:]) { all, some in all.merge(some) { first, _ in first } }
}

/// An object that is too large.
func jsonObject(characters: Int) -> String {
    #"{"x": ""# + String(repeating: "x", count: characters) + #""}"#
}

/// A figure of a tip that is too long.
func evidence(characters: Int) -> String {
    #"{"figure": ""# + String(repeating: "8", count: characters) + #"", "source": "x", "at": "y"}"#
}
