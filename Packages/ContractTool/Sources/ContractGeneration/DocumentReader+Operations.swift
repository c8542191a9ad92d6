extension DocumentReader {
    private static let methods = ["get", "post", "put", "patch", "delete"]

    func readOperations(path: String, _ item: YAMLNode) throws -> [OperationModel] {
        try item.admit(Set(Self.methods).union(["parameters"]), in: "a path")
        let common = try item["parameters"]?.elements() ?? []
        return try item.entries().filter { $0.key != "parameters" }.map { method, node in
            try operation(method: method, path: path, node, common: common)
        }
    }

    private func operation(
        method: String, path: String, _ node: YAMLNode, common: [YAMLNode]
    ) throws -> OperationModel {
        try node.admit(
            [
                "operationId", "summary", "description", "tags", "parameters", "requestBody", "responses",
                "security", "x-role",
            ], in: "an operation")
        let id = try node.required("operationId").text()
        let owner = id.prefix(1).uppercased() + id.dropFirst()
        var places: [String: [MemberModel]] = [:]
        var headers: Set<String> = []
        for parameter in try common + (node["parameters"]?.elements() ?? []) {
            let parameter = try resolved(parameter)
            let name = try parameter.required("name").text()
            let place = try parameter.required("in").text()
            if place == "header", ["Idempotency-Key", "If-Match", "If-None-Match"].contains(name) {
                headers.insert(name)
            } else {
                places[place, default: []].append(try self.parameter(parameter, name, place, owner))
            }
        }
        if let unknown = places.keys.first(where: { !["path", "query", "header"].contains($0) }) {
            throw node.fault("Parameters in a \(unknown) are not supported.")
        }
        let named = Set(path.matches(of: /\{([a-z_]+)\}/).map { String($0.1) })
        guard named == Set((places["path"] ?? []).map(\.name)) else {
            throw node.fault("The parameters of the path are not those that \(path) names.")
        }
        let (body, types) = try body(node["requestBody"], owner)
        let responses = try node.required("responses").entries()
        let successes = try responses.compactMap { status, response in
            try success(status: status, try resolved(response), reference: response, owner)
        }
        guard !successes.isEmpty else { throw node.fault("The operation has no answer that is a success.") }
        return OperationModel(
            id: id, method: method, path: path, summary: try node["summary"]?.text(),
            access: try access(node), pathParameters: places["path"] ?? [],
            queryParameters: places["query"] ?? [], headerParameters: places["header"] ?? [],
            takesIdempotencyKey: headers.contains("Idempotency-Key"),
            takesIfMatch: headers.contains("If-Match"),
            takesIfNoneMatch: headers.contains("If-None-Match"), body: body, bodyTypes: types,
            successes: successes, answers: responses.map(\.key), node: node)
    }

    private func access(_ node: YAMLNode) throws -> String {
        if let security = node["security"], try security.elements().isEmpty { return ".everyone" }
        let isSaid = try node["summary"]?.text().contains("(operators)") ?? false
        guard let role = node["x-role"] else {
            guard !isSaid else { throw node.fault("The summary says (operators): say `x-role: operator`.") }
            return ".user"
        }
        guard isSaid else { throw role.fault("An operation for operators says (operators) in its summary.") }
        guard try role.text() == "operator" else { throw role.fault("The one role is operator.") }
        return ".`operator`"
    }

    private func parameter(
        _ node: YAMLNode, _ name: String, _ place: String, _ owner: String
    ) throws -> MemberModel {
        try node.admit(["name", "in", "description", "required", "schema"], in: "a parameter")
        let schema = try node.required("schema")
        let isRequired = try node["required"]?.bool() ?? false
        let member = try member(name, schema, of: owner, isRequired: isRequired)
        switch member.type {
        case .array, .dictionary, .named, .page, .json, .object, .problem, .number, .constant:
            throw schema.fault("A parameter is a single value: text, number, boolean, day or key.")
        default: break
        }
        guard !member.isNullable, place != "path" || isRequired else {
            throw node.fault("A parameter is not null, and one of a path is required.")
        }
        return MemberModel(
            name: name, type: member.type, presence: member.presence, isNullable: false, isRemovable: false,
            description: try node["description"]?.text() ?? member.description, node: node)
    }

    private func body(
        _ reference: YAMLNode?, _ owner: String
    ) throws -> (OperationModel.Body, [String]) {
        guard let reference else { return (.none, []) }
        let node = try resolved(reference)
        try node.admit(["required", "content", "description"], in: "a body")
        guard try node.required("required").bool() else { throw node.fault("A body is required.") }
        let contents = try node.required("content").entries()
        let types = contents.map(\.key)
        guard let json = contents.first(where: { $0.key == "application/json" }), contents.count == 1 else {
            return (.file, types)
        }
        let type = try content(reference, inline: "\(owner).Body") { name in
            try value(try json.value.required("schema"), named: name)
        }
        guard case .named = type else { throw node.fault("A JSON body is an object with properties.") }
        return (.json(type), types)
    }

    private func success(
        status: String, _ node: YAMLNode, reference: YAMLNode, _ owner: String
    ) throws -> OperationModel.Success? {
        guard status.hasPrefix("2") else {
            guard status.hasPrefix("4") || status.hasPrefix("5") || status == "default" || status == "304"
            else { throw node.fault("Answers of \(status) are not supported.") }
            try problem(status: status, node, reference: reference, owner)
            return nil
        }
        guard let code = Int(status) else { throw node.fault("A success has its own status, as \"201\".") }
        try node.admit(["description", "headers", "content"], in: "an answer")
        var headers: [String] = []
        var constants: [(name: String, value: String)] = []
        for (name, header) in try node["headers"]?.entries() ?? [] {
            if let constant = try resolved(header)["schema"]?["const"] {
                constants.append((name, try constant.text()))
            } else {
                headers.append(name)
            }
        }
        let body = try answerBody(node, reference: reference, inline: "\(owner).\(statusName(code))")
        return OperationModel.Success(
            status: code, body: body, bodyTypes: try node["content"]?.entries().map(\.key) ?? [],
            headers: headers, constants: constants)
    }

    /// A problem with members of its own is declared as what they are read into.
    private func problem(
        status: String, _ node: YAMLNode, reference: YAMLNode, _ owner: String
    ) throws {
        guard let contents = try node["content"]?.entries() else { return }
        guard let problem = contents.first, contents.map(\.key) == ["application/problem+json"] else {
            throw node.fault("An answer of \(status) is application/problem+json.")
        }
        _ = try content(reference, inline: "\(owner).Problem\(status)") { name in
            try value(try problem.value.required("schema"), named: name)
        }
    }

    /// The type of a body or an answer, which is declared once where it is a component.
    private func content(
        _ reference: YAMLNode, inline: String, _ read: (String) throws -> ValueType
    ) throws -> ValueType {
        guard let reference = reference["$ref"] else { return try read(inline) }
        let (section, name, _) = try target(of: reference)
        return try once("\(section)/\(name)", SwiftName.type(name), read)
    }

    private func answerBody(
        _ node: YAMLNode, reference: YAMLNode, inline: String
    ) throws -> OperationModel.Success.Body {
        guard let contents = try node["content"]?.entries() else { return .none }
        if contents.map(\.key) == ["text/event-stream"] { return .eventStream }
        guard let json = contents.first, json.key == "application/json", contents.count == 1 else {
            return .file
        }
        let schema = try json.value.required("schema")
        return .json(try content(reference, inline: inline) { try value(schema, named: $0) })
    }

    private func statusName(_ code: Int) -> String {
        switch code {
        case 200: "OK"
        case 201: "Created"
        case 202: "Accepted"
        default: "Answer\(code)"
        }
    }
}
