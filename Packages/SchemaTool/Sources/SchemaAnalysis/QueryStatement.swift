import Migrations

/// One named statement of a module, as it is written in its file.
public struct QueryStatement: Sendable {
    /// How many rows its caller expects.
    public enum Kind: String, Sendable, CaseIterable {
        case one, optional, many
        /// Rows as they come, in constant memory.
        case stream
        case exec, count
        /// `COPY … FROM STDIN`: rows go in at the speed of the wire.
        case copy

        public var returnsRows: Bool {
            switch self {
            case .one, .optional, .many, .stream: true
            case .exec, .count, .copy: false
            }
        }
    }

    public enum Role: String, Sendable {
        case service
        /// Finds work across users.
        case worker
    }

    /// What people say where they know better than the tool whether a value may be NULL.
    public enum NullMark: Character, Sendable {
        case mayBeNull = "?"
        case neverNull = "!"
    }

    public struct Parameter: Sendable {
        public let name: String
        /// Written `:name?` (the caller may pass nil) or `:name!` (never); of an array it speaks of the elements.
        public internal(set) var mark: NullMark?
        /// Where `sql` has it first, in Unicode scalars from 1.
        let position: Int
    }

    public let name: String
    public let kind: Kind
    public let role: Role
    /// The free comment lines under the name.
    public let documentation: [String]
    /// From `-- row: NAME`.
    public let rowName: String?
    /// From `-- rows: NAME`: the struct for what stands in the arrays of its `unnest`.
    public let rowsName: String?
    /// From `-- nest: NAME`: the columns that begin with it and an underscore are a struct of their own.
    public let nests: [String]
    /// From `-- param: NAME TYPE`.
    public let parameterTypes: [String: String]
    /// From `-- column: NAME TYPE`.
    public let columnTypes: [String: String]
    /// From `-- explain: sort because …`: what its plan may do, and why.
    public let planWaivers: [PlanRule: String]
    public let parameters: [Parameter]
    /// The text with `$1` parameters and without the semicolon.
    public let sql: String
    /// Relative to the repository.
    public let file: String
    public let position: SourcePosition

    /// What the caller decides of its text; nil where it has one text only.
    public internal(set) var choices: Choices?
    /// One for each combination of choices: option n adds 2ⁿ to the index, order m adds m·2^(number of options).
    public internal(set) var variants: [QueryStatement] = []

    /// For each Unicode scalar of `sql` its offset in the file, and the file: to point at what people wrote.
    let origins: [Int]
    let source: [Unicode.Scalar]

    /// Where `sql` names something first, in Unicode scalars from 1.
    func sqlPosition(of text: String) -> Int? {
        sql.unicodeScalars.firstRange(of: text.unicodeScalars).map {
            sql.unicodeScalars.distance(from: sql.unicodeScalars.startIndex, to: $0.lowerBound) + 1
        }
    }

    /// A fault at a position that PostgreSQL gave, counted from 1, or at the statement's name.
    public func diagnostic(
        _ message: String, at sqlPosition: Int? = nil, hint: String = "",
        severity: Diagnostic.Severity = .error
    ) -> Diagnostic {
        var place = position
        if let sqlPosition, let last = origins.last {
            // PostgreSQL points behind the last character where something is missing at the end.
            let index = max(sqlPosition - 1, 0)
            place = SourcePosition(of: index < origins.count ? origins[index] : last + 1, in: source)
        }
        return Diagnostic(
            file: file, position: place, message: "\(name): \(message)",
            excerpt: excerpt(of: String(String.UnicodeScalarView(source)), at: place), hint: hint,
            severity: severity)
    }
}

/// The parts of a statement that are there or not as its caller asks: all of them checked, none of them glued
/// together at run time.
public struct Choices: Sendable, Hashable {
    /// `/*? AND type = :type */`: there where its parameters are given.
    public struct Option: Sendable, Hashable {
        /// Its parameter, or the name that several go by: `/*?after AND (at, id) > (:after_at, :after_id) */`.
        public let name: String
        public let parameters: [String]
    }

    public let options: [Option]
    /// The names of `/*order newest: at DESC … */`; empty where there is one order.
    public let orders: [String]
}

/// A file of statements: its name is the noun that they are about.
public struct QueryFile: Sendable {
    /// `portfolios` for `Packages/Portfolios/Queries/portfolios.sql`.
    public let noun: String
    /// Relative to the repository.
    public let path: String
    public let statements: [QueryStatement]
}
