import Yams

/// A node of a document, which knows where it stands.
struct YAMLNode {
    let node: Node
    let file: String

    /// Reads a document; throws where it is none.
    static func document(_ text: String, file: String) throws -> YAMLNode {
        do {
            guard let node = try Yams.compose(yaml: text) else {
                throw ContractFault(file: file, line: 1, message: "The document is empty.")
            }
            return YAMLNode(node: node, file: file)
        } catch let error as YamlError {
            throw ContractFault(file: file, line: error.line, message: "This is no YAML: \(error)")
        }
    }

    var line: Int { node.mark?.line ?? 1 }

    func fault(_ message: String) -> ContractFault { ContractFault(file: file, line: line, message: message) }

    /// The members of a mapping, in the document's order.
    func entries() throws -> [(key: String, value: YAMLNode)] {
        guard case .mapping(let mapping) = node else { throw fault("A mapping is expected here.") }
        return try mapping.map { key, value in
            guard let name = key.string ?? key.scalar?.string else {
                throw fault("A key must be a text: put it in quotes.")
            }
            return (name, YAMLNode(node: value, file: file))
        }
    }

    /// The elements of a sequence.
    func elements() throws -> [YAMLNode] {
        guard case .sequence(let sequence) = node else { throw fault("A list is expected here.") }
        return sequence.map { YAMLNode(node: $0, file: file) }
    }

    /// A member of a mapping; nil where there is none.
    subscript(_ key: String) -> YAMLNode? {
        guard case .mapping(let mapping) = node else { return nil }
        for (name, value) in mapping where (name.string ?? name.scalar?.string) == key {
            return YAMLNode(node: value, file: file)
        }
        return nil
    }

    /// A member that must be there.
    func required(_ key: String) throws -> YAMLNode {
        guard let value = self[key] else { throw fault("`\(key)` is missing here.") }
        return value
    }

    /// Whether it is a list.
    var isSequence: Bool {
        if case .sequence = node { true } else { false }
    }

    /// The boolean that it is; nil for anything else.
    var boolean: Bool? { node.bool }

    /// The text of a scalar, whatever YAML takes it for.
    func text() throws -> String {
        guard let text = node.scalar?.string else { throw fault("A text is expected here.") }
        return text
    }

    func int() throws -> Int {
        guard let int = node.int else { throw fault("A whole number is expected here.") }
        return int
    }

    func bool() throws -> Bool {
        guard let bool = node.bool else { throw fault("true or false is expected here.") }
        return bool
    }

    /// A text as a constant or an element of an enumeration, which must be one: 1 and true are none.
    func textConstant() throws -> String {
        guard node.tag.description == Tag.Name.str.rawValue else {
            throw fault("Only texts are supported here: put \(try text()) in quotes.")
        }
        return try text()
    }

    /// Refuses members that are not among these.
    func admit(_ known: Set<String>, in what: String) throws {
        for (key, value) in try entries() where !known.contains(key) && !key.hasPrefix("x-note") {
            throw value.fault(
                "`\(key)` is not supported in \(what): leave it out, or teach it to Packages/ContractTool.")
        }
    }
}

extension YamlError {
    fileprivate var line: Int {
        switch self {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
        case .duplicatedKeysInMapping(_, let context): context.mark.line
        default: 1
        }
    }
}
