/// One statement of a migration, as far as the rules need to understand it.
struct Statement: Sendable {
    let kind: Kind
    let tokens: [Token]
    /// The comment lines that stand right above it.
    let comments: [Comment]

    var line: Int { tokens[0].line }

    struct Comment: Sendable, Hashable {
        let text: String
        let line: Int
    }

    /// Names are as PostgreSQL folds them, parts joined by a point: `portfolios.lots`.
    enum Kind: Sendable {
        case createTable(Table)
        case alterTable(String, [AlterAction])
        case createIndex(name: String?, table: String, isConcurrent: Bool)
        case dropIndex([String], isConcurrent: Bool)
        /// `object` is the word after REINDEX: index, table, schema, database, system.
        case reindex(object: String, name: String, isConcurrent: Bool)
        /// `object` is what follows DROP, in small letters: table, schema, type, view, materialized view …
        case drop(object: String, names: [String], cascades: Bool)
        /// ALTER … RENAME or SET SCHEMA of anything; `what` loses its name: table, column, enum value …
        case rename(what: String, name: String, isOfTable: Bool)
        /// INSERT … SELECT, UPDATE, DELETE, MERGE, COPY: what takes as long as there are rows.
        case write(verb: String, table: String)
        case truncate([String], cascades: Bool)
        case set(name: String, value: String)
        /// BEGIN, COMMIT, SAVEPOINT …
        case transaction(String)
        case vacuum(isFull: Bool)
        case cluster
        case createTrigger(table: String)
        /// `object` is what follows CREATE: schema, type, view, function, role …
        case create(object: String)
        /// The first words, for what no rule looks at closer.
        case other(String)
    }

    struct Table: Sendable {
        var name: String
        var ifNotExists = false
        var columns: [Column] = []
        var constraints: [Constraint] = []
    }

    struct Column: Sendable {
        enum Generation: Sendable { case stored, identity }

        var name: String
        /// The words of the type, joined by blanks.
        var type = ""
        var isNotNull = false
        var defaultExpression: [Token]?
        var generation: Generation?
        var constraints: [Constraint] = []
        let line: Int
    }

    struct Constraint: Sendable {
        enum Kind: String, Sendable {
            case primaryKey = "PRIMARY KEY"
            case unique = "UNIQUE"
            case check = "CHECK"
            case foreignKey = "FOREIGN KEY"
            case exclude = "EXCLUDE"
        }

        var kind: Kind
        var name: String?
        /// Of a CHECK, the tokens inside its brackets in one line.
        var expression = ""
        var isNotValid = false
        var usesIndex = false
        let line: Int
    }

    enum AlterAction: Sendable {
        case addColumn(Column)
        case dropColumn(String)
        case addConstraint(Constraint)
        case dropConstraint(String)
        case validateConstraint(String)
        case setNotNull(String)
        case dropNotNull(String)
        case setType(column: String, type: String)
        case addIdentity(column: String)
        case detachPartition(isConcurrent: Bool)
        case other(String)
    }
}
