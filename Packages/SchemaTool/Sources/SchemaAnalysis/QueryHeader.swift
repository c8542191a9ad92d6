extension QueryFileParser {
    /// The comment lines above a statement.
    struct Header {
        struct Fault: Error {
            let message: String
            let hint: String
        }

        let name: String
        let kind: QueryStatement.Kind
        let offset: Int
        let isReadable: Bool
        private(set) var role = QueryStatement.Role.service
        private(set) var documentation: [String] = []
        private(set) var rowName: String?
        private(set) var rowsName: String?
        private(set) var nests: [String] = []
        private(set) var parameterTypes: [String: String] = [:]
        private(set) var columnTypes: [String: String] = [:]
        private(set) var planWaivers: [PlanRule: String] = [:]
        private var roleIsAsked = false

        static func isName(_ comment: String) -> Bool { directive(comment)?.key == "name" }

        init(naming comment: String, offset: Int) throws(Fault) {
            let words = Self.directive(comment)?.value.split(separator: " ").map(String.init) ?? []
            let hint =
                "Write `-- name: findPortfolio :optional`, with one of "
                + QueryStatement.Kind.allCases.map { ":\($0.rawValue)" }.joined(separator: ", ") + "."
            guard words.count == 2 else {
                throw Fault(message: "a name and a kind are wanted here", hint: hint)
            }
            guard words[0].wholeMatch(of: /[a-z][A-Za-z0-9]*/) != nil else {
                throw Fault(message: "\(words[0]) is not a Swift function's name", hint: hint)
            }
            guard words[1].hasPrefix(":"),
                let kind = QueryStatement.Kind(rawValue: String(words[1].dropFirst()))
            else { throw Fault(message: "\(words[1]) is not a kind of result", hint: hint) }
            name = words[0]
            self.kind = kind
            self.offset = offset
            isReadable = true
        }

        /// Stands for a name line with a fault, so that its statement is passed over.
        init(unreadableAt offset: Int) {
            name = "the statement"
            kind = .exec
            self.offset = offset
            isReadable = false
        }

        mutating func add(_ comment: String) throws(Fault) {
            guard let (key, value) = Self.directive(comment) else {
                let line = comment.dropFirst(2)
                documentation.append(String(line.hasPrefix(" ") ? line.dropFirst() : line))
                return
            }
            switch key {
            case "row":
                rowName = try Self.typeName(value, hint: "Write `-- row: PortfolioSummary`.")
            case "rows":
                rowsName = try Self.typeName(value, hint: "Write `-- rows: NewTransaction`.")
            case "nest":
                guard value.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil, !nests.contains(value) else {
                    throw Fault(
                        message: "\(value) is not a new prefix of columns",
                        hint: "Write `-- nest: holding` for the columns holding_id, holding_quantity, ….")
                }
                nests.append(value)
            case "role":
                guard let role = QueryStatement.Role(rawValue: value) else {
                    throw Fault(
                        message: "there is no role \(value)",
                        hint: "Write `-- role: worker`, or no line at all.")
                }
                self.role = role
            case "explain":
                guard let words = value.wholeMatch(of: /(\w+) because (.+)/),
                    let rule = PlanRule(rawValue: String(words.1)), planWaivers[rule] == nil
                else {
                    throw Fault(
                        message: "a rule and a reason are wanted here, once for each rule",
                        hint: "Write `-- explain: sort because at most 50 rows`, or scan.")
                }
                planWaivers[rule] = String(words.2)
            default:
                let words = value.split(separator: " ", maxSplits: 1).map(String.init)
                guard words.count == 2 else {
                    throw Fault(
                        message: "a name and a Swift type are wanted here",
                        hint: "Write `-- \(key): instrument_ids [Instrument.ID]`.")
                }
                if key == "param" {
                    parameterTypes[words[0]] = words[1]
                } else {
                    columnTypes[words[0]] = words[1]
                }
            }
        }

        private static func typeName(_ text: String, hint: String) throws(Fault) -> String {
            guard text.wholeMatch(of: /[A-Z][A-Za-z0-9]*/) != nil else {
                throw Fault(message: "\(text) is not a Swift type's name", hint: hint)
            }
            return text
        }

        private static func directive(_ comment: String) -> (key: String, value: String)? {
            guard
                let match = comment.wholeMatch(
                    of: /--\s*(name|rows|row|nest|role|explain|param|column):\s*(.*?)\s*/)
            else {
                return nil
            }
            return (String(match.1), String(match.2))
        }
    }
}
