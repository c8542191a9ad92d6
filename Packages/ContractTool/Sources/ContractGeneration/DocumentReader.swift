/// Reads a document's schemas and operations into a ``ContractModel``, and refuses what it does not know.
final class DocumentReader {
    let root: YAMLNode
    let context: String
    let shared: SharedNames
    var types: [TypeDeclaration] = []
    /// What was read of the components, by section and name.
    private var components: [String: ValueType] = [:]

    init(text: String, file: String, context: String, shared: SharedNames) throws {
        root = try YAMLNode.document(text, file: file)
        self.context = context
        self.shared = shared
    }

    func read() throws -> ContractModel {
        try root.admit(
            ["openapi", "info", "servers", "security", "tags", "paths", "components"], in: "a document")
        let version = try root.required("openapi")
        guard try version.text().hasPrefix("3.1.") else {
            throw version.fault("Only OpenAPI 3.1 is read: its schemas are those of JSON Schema.")
        }
        var operations: [OperationModel] = []
        for (path, item) in try root.required("paths").entries() {
            operations += try readOperations(path: path, item)
        }
        var names: Set<String> = []
        for type in types where !names.insert(type.name).inserted {
            throw ContractFault(
                file: root.file, line: type.line,
                message: "Two types would be called \(type.name): give this one a name by `title`.")
        }
        for type in types where Self.reserved.contains(type.lastName) {
            throw ContractFault(
                file: root.file, line: type.line,
                message: "Generated code needs the name \(type.lastName): give this type another by `title`.")
        }
        var ids: Set<String> = []
        for operation in operations where !ids.insert(operation.id).inserted {
            throw operation.node.fault("Two operations are called \(operation.id).")
        }
        for operation in operations where names.contains(operation.typeName) {
            throw operation.node.fault(
                "A schema is called \(operation.typeName) as this operation's type is: rename one of them.")
        }
        for operation in operations where operation.isPaged && !answersWithPage(operation) {
            throw operation.node.fault(
                "A list that takes `after` and `limit` has one success, with `next`: the page after it.")
        }
        return ContractModel(context: context, file: root.file, types: types, operations: operations)
    }

    private func answersWithPage(_ operation: OperationModel) -> Bool {
        guard operation.successes.count == 1, case .json(let type)? = operation.successes.first?.body
        else { return false }
        guard case .named(let name) = type else {
            if case .page = type { return true }
            return false
        }
        return types.contains { declaration in
            guard case .structure(let model) = declaration, model.name == name else { return false }
            return model.members.contains { member in
                if case .text = member.type { member.name == "next" && member.isNullable } else { false }
            }
        }
    }

    /// What generated code says of others, and what Swift does not take as a name.
    private static let reserved: Set<String> = [
        "Any", "Self", "Type", "Protocol", "String", "Int", "Bool", "Double", "Set", "Sendable", "Hashable",
        "CaseIterable", "Never", "Swift", "Foundation", "ExactTypes", "SharedTypes", "StrictJSON",
        "ContractKit", "FieldError", "JSONValue", "JSONReadable", "JSONWritable", "JSONWriter",
        "MemberReader",
        "ReadingRules", "ValueReader", "OpenEnum", "ListPage", "Change", "Problem", "RequestBody",
        "EmptyBody",
        "FileBody", "NoParameters", "Content", "Answer", "ETag", "Endpoint", "EndpointDescription",
        "OpenEndpoint",
        "ReadEndpoint", "WriteEndpoint", "IdempotentEndpoint", "PagedParameters", "PagedOutput",
        "ParameterReader", "ParameterWriter", "ParameterFault", "Parameters", "Output",
    ]

    /// What a `$ref` points at, or the node itself.
    func resolved(_ node: YAMLNode) throws -> YAMLNode {
        guard let reference = node["$ref"] else { return node }
        return try target(of: reference).node
    }

    /// The section, the name and the node of a reference.
    func target(of reference: YAMLNode) throws -> (section: String, name: String, node: YAMLNode) {
        let text = try reference.text()
        let parts = text.split(separator: "/").map(String.init)
        guard text.hasPrefix("#/components/"), parts.count == 4 else {
            throw reference.fault("Only references like #/components/schemas/Name are supported.")
        }
        guard let node = root["components"]?[parts[2]]?[parts[3]] else {
            throw reference.fault("\(text) points at nothing.")
        }
        return (parts[2], parts[3], node)
    }

    /// The type of a component schema; it is declared once.
    func component(_ name: String, _ node: YAMLNode) throws -> ValueType {
        name == "Problem"
            ? .problem : try once("schemas/\(name)", SwiftName.type(name)) { try value(node, named: $0) }
    }

    /// Reads what several places refer to once, under its key; the closure gets the type's name.
    func once(_ key: String, _ name: String, _ read: (String) throws -> ValueType) throws -> ValueType {
        if let type = components[key] { return type }
        // One that refers to itself is an object, and known by its name from here on.
        components[key] = .named(name)
        let type = try read(name)
        components[key] = type
        return type
    }
}
