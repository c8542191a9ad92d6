extension DocumentReader {
    func object(_ node: YAMLNode, named name: String) throws -> ValueType {
        try node.admit(
            Self.annotations.union(["type", "required", "properties", "additionalProperties"]),
            in: "an object")
        let others = node["additionalProperties"]
        guard node["properties"] != nil else {
            guard let others, others["type"] != nil || others["$ref"] != nil else { return .object }
            return .dictionary(try value(others, named: name + ".Value"))
        }
        if let others, others.boolean == nil {
            throw others.fault("An object with properties has no others: say false, or leave it out.")
        }
        if let item = try pageItem(node, named: name) { return .page(item) }
        try declare(node, named: name, bases: [])
        return .named(name)
    }

    /// Declares the struct of an object.
    private func declare(
        _ node: YAMLNode, named name: String, bases: [String], isProblem: Bool = false
    ) throws {
        let members = try members(node, of: name)
        let model = StructModel(
            name: name, description: try node["description"]?.text(), bases: bases, members: members,
            node: node, isProblem: isProblem, isClosed: node["additionalProperties"]?.boolean == false)
        types.append(.structure(model))
    }

    private func members(_ node: YAMLNode, of owner: String) throws -> [MemberModel] {
        let required = try node["required"]?.elements() ?? []
        let names = Set(try required.map { try $0.text() })
        let properties = try node.required("properties").entries()
        for name in required where !properties.contains(where: { (try? name.text()) == $0.key }) {
            throw name.fault("`\(try name.text())` is required and not described.")
        }
        let members = try properties.map { name, schema in
            try member(name, schema, of: owner, isRequired: names.contains(name))
        }
        guard Set(members.map(\.swiftName)).count == members.count else {
            throw node.fault("Two members would have one name in Swift.")
        }
        return members
    }

    /// A member of an object, or a parameter, whose inline types are declared within the owner.
    func member(
        _ name: String, _ schema: YAMLNode, of owner: String, isRequired: Bool
    ) throws -> MemberModel {
        let (isNullable, inner) = try nullable(schema)
        let type = try value(inner, named: "\(owner).\(SwiftName.type(name))")
        let standard = try schema["default"] ?? (try resolved(inner)["default"])
        let removes = schema["x-null"]
        if let removes, try removes.text() != "removes" || !isNullable || isRequired {
            throw removes.fault("`x-null: removes` is for a member that may be left out and may be null.")
        }
        return MemberModel(
            name: name, type: type,
            presence: isRequired
                ? .required : try standard.map { .standard(try self.standard($0, type)) } ?? .optional,
            isNullable: isNullable, isRemovable: removes != nil,
            description: try schema["description"]?.text() ?? (try inner["description"]?.text()),
            node: schema)
    }

    /// The Swift expression of a default.
    private func standard(_ node: YAMLNode, _ type: ValueType) throws -> String {
        switch type {
        case .bool: return String(try node.bool())
        case .int: return String(try node.int())
        case .text: return Swift.String(reflecting: try node.text())
        case .sharedChoice(let name):
            let text = try node.text()
            guard let member = shared.cases[name]?[text] else {
                throw node.fault("\(text) is no value of \(name).")
            }
            return ".\(member.filter { $0 != "`" })"
        case .choice: return ".\(SwiftName.plainMember(try node.text()))"
        default:
            throw node.fault("A default is supported for booleans, whole numbers, texts and enumerations.")
        }
    }

    func array(_ node: YAMLNode, named name: String) throws -> ValueType {
        try node.admit(
            Self.annotations.union(["type", "items", "minItems", "maxItems", "uniqueItems"]), in: "an array")
        let items = try node.required("items")
        guard try !nullable(items).isNullable else {
            throw items.fault("Elements that may be null are not supported.")
        }
        let path = name.split(separator: ".").map(String.init)
        let element =
            (path.dropLast() + [SwiftName.element(path.last ?? name)]).joined(separator: ".")
        let lower = try node["minItems"]?.int()
        let upper = try node["maxItems"]?.int()
        if let lower, let upper, lower > upper { throw node.fault("`minItems` is above `maxItems`.") }
        let count = lower == nil && upper == nil ? nil : (lower ?? 0)...(upper ?? 100_000)
        return .array(
            try value(items, named: element), count: count,
            isSet: try node["uniqueItems"]?.bool() ?? false)
    }

    /// A page is an object of `items` and `next` and nothing else.
    func isPage(_ node: YAMLNode) throws -> Bool {
        guard let properties = try node["properties"]?.entries() else { return false }
        return Set(properties.map(\.key)) == ["items", "next"]
    }

    private func pageItem(_ node: YAMLNode, named name: String) throws -> ValueType? {
        guard try isPage(node), let list = node["properties"]?["items"], let items = list["items"] else {
            return nil
        }
        let required = Set(try node["required"]?.elements().map { try $0.text() } ?? [])
        guard required == ["items", "next"] else {
            throw node.fault("A page has `required: [items, next]`; next is null on the last page.")
        }
        let isInline = items["$ref"] == nil
        return try value(items, named: isInline ? pageElement(name) : name)
    }

    /// `AdoptionCandidatePage` has items of the type `AdoptionCandidate`.
    private func pageElement(_ name: String) -> String {
        name.hasSuffix("Page") ? String(name.dropLast(4)) : name + "Item"
    }

    func allOf(_ node: YAMLNode, named name: String) throws -> ValueType {
        try node.admit(Self.annotations.union(["allOf"]), in: "`allOf`")
        var bases: [String] = []
        var own: YAMLNode?
        var isProblem = false
        for part in try node.required("allOf").elements() {
            if part["$ref"] != nil {
                guard own == nil else { throw part.fault("References stand first in `allOf`.") }
                switch try value(part, named: name) {
                case .named(let base): bases.append(base)
                case .problem: isProblem = true
                default: throw part.fault("`allOf` is of objects.")
                }
            } else if own == nil, part["properties"] != nil {
                own = part
            } else {
                throw part.fault("`allOf` is references and then one object with `properties`.")
            }
        }
        guard let own else {
            throw node.fault("`allOf` needs an object of its own; a single reference stands by itself.")
        }
        try own.admit(
            Self.annotations.union(["type", "required", "properties", "additionalProperties"]),
            in: "an object")
        guard !isProblem || bases.isEmpty else { throw node.fault("A problem has no other base.") }
        try declare(own, named: name, bases: bases, isProblem: isProblem)
        return .named(name)
    }

    func union(_ node: YAMLNode, named name: String) throws -> ValueType {
        try node.admit(Self.annotations.union(["oneOf", "discriminator"]), in: "`oneOf`")
        guard let discriminator = node["discriminator"] else {
            throw node.fault(
                "`oneOf` needs a `discriminator`, or is one schema and { type: \"null\" } in a member.")
        }
        try discriminator.admit(["propertyName", "mapping"], in: "a discriminator")
        let property = try discriminator.required("propertyName").text()
        var branches: [UnionModel.Branch] = []
        for branch in try node.required("oneOf").elements() {
            guard branch["$ref"] != nil else {
                throw branch.fault("The branches of a union are references: name this schema.")
            }
            guard case .named(let type) = try value(branch, named: name),
                let tag = try resolved(branch)["properties"]?[property]?["const"]
            else {
                throw branch.fault("A branch is an object with `\(property): { const: … }`.")
            }
            branches.append(UnionModel.Branch(tag: try tag.textConstant(), type: type))
        }
        guard Set(branches.map(\.tag)).count == branches.count else {
            throw node.fault("Two branches have the same `\(property)`.")
        }
        types.append(
            .union(
                UnionModel(
                    name: name, description: try node["description"]?.text(), discriminator: property,
                    branches: branches, node: node)))
        return .named(name)
    }
}
