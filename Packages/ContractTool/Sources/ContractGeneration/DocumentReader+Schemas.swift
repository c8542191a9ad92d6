extension DocumentReader {
    static let annotations: Set<String> = [
        "description", "examples", "title", "default", "x-key", "x-enum", "x-range", "x-reason", "x-null",
    ]

    /// The type of a schema. An object, an enumeration or a union that stands inline is declared under the name.
    func value(_ node: YAMLNode, named name: String, isComponent: Bool = false) throws -> ValueType {
        if let reference = node["$ref"] {
            try node.admit(Self.annotations.union(["$ref"]), in: "a reference")
            let (section, component, target) = try target(of: reference)
            guard section == "schemas" else {
                throw reference.fault("A schema is expected: #/components/schemas/Name.")
            }
            return try self.component(component, target)
        }
        let name =
            try title(node).map { title in
                name.split(separator: ".").dropLast().map { $0 + "." }.joined() + title
            } ?? name
        if node["allOf"] != nil { return try allOf(node, named: name) }
        if node["oneOf"] != nil { return try union(node, named: name) }
        if let constant = node["const"] { return .constant(try constant.textConstant()) }
        if let values = try enumValues(node) {
            let (type, declaration) = try choiceType(values, node, named: name)
            if let declaration { types.append(.choice(declaration)) }
            return type
        }
        let kind = try typeName(node)
        switch kind {
        case "object": return try object(node, named: name)
        case "array": return try array(node, named: name)
        case "string": return try string(node, named: name)
        case "integer":
            try node.admit(Self.annotations.union(["type", "minimum", "maximum"]), in: "a whole number")
            return .int(lower: try node["minimum"]?.int(), upper: try node["maximum"]?.int())
        case "boolean":
            try node.admit(Self.annotations.union(["type"]), in: "a boolean")
            return .bool
        case "number":
            try node.admit(Self.annotations.union(["type", "minimum"]), in: "a number")
            return .number
        default:
            throw node.fault("The type \(kind) is not supported.")
        }
    }

    private func title(_ node: YAMLNode) throws -> String? { try node["title"]?.text() }

    /// The type beside "null".
    private func typeName(_ node: YAMLNode) throws -> String {
        guard let type = node["type"] else {
            throw node.fault("A schema needs `type`, `$ref`, `allOf`, `oneOf`, `enum` or `const`.")
        }
        guard type.isSequence else { return try type.text() }
        let names = try type.elements().map { try $0.text() }.filter { $0 != "null" }
        guard let name = names.first, names.count == 1 else {
            throw type.fault("One type is supported, and \"null\" beside it.")
        }
        return name
    }

    /// Whether null is a value of the schema, and the schema of its other values.
    func nullable(_ node: YAMLNode) throws -> (isNullable: Bool, node: YAMLNode) {
        if let type = node["type"], type.isSequence {
            return (try type.elements().contains { try $0.text() == "null" }, node)
        }
        if let branches = try node["oneOf"]?.elements(), node["discriminator"] == nil {
            let others = branches.filter { (try? $0["type"]?.text()) != "null" }
            guard let other = others.first, others.count == 1, branches.count == 2 else {
                throw node.fault(
                    "`oneOf` needs a `discriminator`, or is one schema and { type: \"null\" }.")
            }
            return (true, other)
        }
        if let reference = node["$ref"] {
            let (section, _, target) = try target(of: reference)
            if section == "schemas", target["oneOf"] != nil, target["discriminator"] == nil {
                return (true, try nullable(target).node)
            }
            if section == "schemas", let type = target["type"], type.isSequence {
                return (try nullable(target).isNullable, node)
            }
        }
        return (false, node)
    }

    private func string(_ node: YAMLNode, named name: String) throws -> ValueType {
        try node.admit(
            Self.annotations.union(["type", "format", "minLength", "maxLength", "pattern"]), in: "a text")
        let format = try node["format"]?.text()
        switch format {
        case "uuid": return try key(node, named: name)
        case "date": return .day
        case "date-time": return .moment
        case "decimal": return .decimal(range: try range(node))
        case "exchange-rate": return .exchangeRate
        case "currency": return .currency
        case "currency-unit": return .currencyUnit
        case nil, "uri", "multiline":
            let pattern = try node["pattern"]?.text()
            return .text(
                TextRule(
                    lower: try node["minLength"]?.int(), upper: try node["maxLength"]?.int(),
                    isMultiline: format == "multiline", pattern: pattern,
                    reason: try node["x-reason"]?.text()))
        case let format?:
            throw node.fault(
                "The format \(format) is not supported: uuid, date, date-time, decimal, exchange-rate, currency, "
                    + "currency-unit, uri and multiline are.")
        }
    }

    private func range(_ node: YAMLNode) throws -> String {
        guard let range = node["x-range"] else { return ".any" }
        switch try range.text() {
        case "positive": return ".positive"
        case "non-negative": return ".nonNegative"
        default: throw range.fault("`x-range` of a decimal is positive or non-negative.")
        }
    }

    /// The entity that a UUID identifies: by `x-key`, by the name of a member as `portfolio_id`, or as `id` of a
    /// schema that is called as the entity is.
    private func key(_ node: YAMLNode, named name: String) throws -> ValueType {
        if let key = node["x-key"] {
            let entity = try key.text()
            if entity == "none" { return .uuid }
            guard shared.entities.contains(entity) else {
                throw key.fault("SharedTypes has no \(entity): name one of its keys, or none.")
            }
            return .key(entity)
        }
        let parts = name.split(separator: ".").map(String.init)
        if let last = parts.last, last.hasSuffix("ID"), shared.entities.contains(String(last.dropLast(2))) {
            return .key(String(last.dropLast(2)))
        }
        if let parent = parts.dropLast().last, parts.last == "ID", shared.entities.contains(parent) {
            return .key(parent)
        }
        throw node.fault(
            "A UUID must say whose key it is: x-key with an entity of SharedTypes, or x-key: none.")
    }

    func enumValues(_ node: YAMLNode) throws -> [YAMLNode]? { try node["enum"]?.elements() }

    /// The enum of SharedTypes where it has the same values, else one of the document's own.
    func choiceType(_ nodes: [YAMLNode], _ node: YAMLNode, named name: String) throws -> (
        type: ValueType, declaration: EnumModel?
    ) {
        try node.admit(Self.annotations.union(["type", "enum"]), in: "an enumeration")
        let values = try nodes.map { try $0.textConstant() }
        guard Set(values).count == values.count else { throw node.fault("A value stands here twice.") }
        let names = values.map(SwiftName.plainMember)
        guard Set(names).count == names.count else {
            throw node.fault("Two of these values would be one name in Swift.")
        }
        let last = name.split(separator: ".").last.map(String.init) ?? name
        let sharedName = try node["x-enum"]?.text() ?? last
        let own = { (shared: String?) in
            EnumModel(
                name: name, description: try? node["description"]?.text(), values: values, shared: shared,
                line: node.line)
        }
        guard let present = shared.enums[sharedName] else {
            if let said = node["x-enum"] { throw said.fault("SharedTypes has no enum \(sharedName).") }
            return (.choice(name), own(nil))
        }
        if Set(present) == Set(values) { return (.sharedChoice(sharedName), nil) }
        guard node["x-enum"] != nil else {
            return (.choice(name), own(nil))
        }
        guard Set(values).isSubset(of: present) else {
            throw node.fault(
                "SharedTypes.\(sharedName) lacks \(Set(values).subtracting(present).sorted().joined(separator: ", "))."
            )
        }
        guard last != sharedName else {
            throw node.fault(
                "It lists fewer values than SharedTypes.\(sharedName): give it a name of its own by `title`.")
        }
        return (.choice(name), own(sharedName))
    }
}
