/// PostgreSQL's text form of an analysed query (`pg_node_tree`), read as it is written: nodes with fields,
/// lists, atoms; without the places in the text.
public indirect enum NodeTree: Sendable, Hashable {
    /// `{NAME :field value …}`; a field may have several values.
    case node(name: String, fields: [String: [NodeTree]])
    case list([NodeTree])
    case atom(String)
    /// `<>`
    case null

    public struct Malformed: Error, Sendable {
        public let message: String
    }

    public init(parsing text: String) throws(Malformed) {
        var reader = Reader(text)
        guard let tree = try reader.value() else { throw Malformed(message: "an empty tree") }
        self = tree
    }

    /// The first value of a field.
    public subscript(field: String) -> NodeTree? {
        guard case .node(_, let fields) = self else { return nil }
        return fields[field]?.first
    }

    public var name: String? {
        guard case .node(let name, _) = self else { return nil }
        return name
    }

    /// The members of a list; nothing for anything else.
    public var items: [NodeTree] {
        guard case .list(let items) = self else { return [] }
        return items
    }

    public var text: String? {
        guard case .atom(let text) = self else { return nil }
        return text
    }

    /// The first node of that name that no other node encloses.
    func outermost(_ name: String) -> NodeTree? {
        if self.name == name { return self }
        return items.lazy.compactMap { $0.outermost(name) }.first
    }

    public var number: Int? {
        guard case .atom(let text) = self else { return nil }
        return Int(text)
    }

    /// The members of a bit set, `(b 8 9)`, or of a list of numbers.
    public var numbers: [Int] {
        items.compactMap(\.number)
    }

    /// Calls `visit` with every node, outer ones first.
    public func forEachNode(_ visit: (_ name: String, _ fields: [String: [NodeTree]]) -> Void) {
        switch self {
        case .node(let name, let fields):
            visit(name, fields)
            for values in fields.values { for value in values { value.forEachNode(visit) } }
        case .list(let items):
            for item in items { item.forEachNode(visit) }
        case .atom, .null:
            break
        }
    }
}

extension NodeTree {
    private struct Reader {
        private let bytes: [UInt8]
        private var offset = 0

        init(_ text: String) { bytes = Array(text.utf8) }

        private mutating func skipSpaces() {
            while offset < bytes.count, bytes[offset] == 0x20 || bytes[offset] == 0x0A { offset += 1 }
        }

        private mutating func next() -> UInt8? {
            skipSpaces()
            return offset < bytes.count ? bytes[offset] : nil
        }

        /// The next value, or nil at the end or before a closing bracket.
        mutating func value() throws(Malformed) -> NodeTree? {
            switch next() {
            case nil, UInt8(ascii: "}"), UInt8(ascii: ")"), UInt8(ascii: "]"):
                return nil
            case UInt8(ascii: "{"):
                offset += 1
                return try node()
            case UInt8(ascii: "("):
                return try list(closing: UInt8(ascii: ")"))
            case UInt8(ascii: "["):
                // The bytes of a constant.
                return try list(closing: UInt8(ascii: "]"))
            default:
                let text = word()
                return text == "<>" ? .null : .atom(text)
            }
        }

        private mutating func node() throws(Malformed) -> NodeTree {
            let name = word()
            var fields: [String: [NodeTree]] = [:]
            var field = ""
            while let byte = next() {
                if byte == UInt8(ascii: "}") {
                    offset += 1
                    return .node(name: name, fields: fields)
                }
                if byte == UInt8(ascii: ":") {
                    field = String(word().dropFirst())
                    if !Self.places.contains(field) { fields[field] = [] }
                } else if let value = try value() {
                    if !Self.places.contains(field) { fields[field, default: []].append(value) }
                } else {
                    throw Malformed(message: "a bracket without its twin at byte \(offset)")
                }
            }
            throw Malformed(message: "the node \(name) has no end")
        }

        private mutating func list(closing: UInt8) throws(Malformed) -> NodeTree {
            offset += 1
            var items: [NodeTree] = []
            while let item = try value() { items.append(item) }
            guard next() == closing else { throw Malformed(message: "a list has no end at byte \(offset)") }
            offset += 1
            return .list(items)
        }

        /// A run without spaces and brackets; after a backslash the next byte is taken as it is.
        private mutating func word() -> String {
            skipSpaces()
            var word: [UInt8] = []
            while offset < bytes.count {
                if bytes[offset] == UInt8(ascii: "\\"), offset + 1 < bytes.count {
                    offset += 1
                } else if Self.delimiters.contains(bytes[offset]) {
                    break
                }
                word.append(bytes[offset])
                offset += 1
            }
            return String(decoding: word, as: UTF8.self)
        }

        /// Left out, so that two expressions that mean the same are equal.
        private static let places: Set<String> = ["location", "stmt_location", "stmt_len"]

        private static let delimiters = Set(" \n{}()[]".utf8)
    }
}
