/// The type of an operation, which conforms to `Endpoint`.
struct EndpointSource {
    let model: OperationModel
    let types: TypeSource

    func write(to source: inout SourceText) {
        source.block("extension \(types.namespace)") { source in
            source.comment("`\(model.method.uppercased()) \(model.path)`: \(model.summary ?? "no summary.")")
            source.block("public enum \(model.typeName): \(kind)") { source in
                description(&source)
                parameters(&source)
                source.line("public typealias Body = \(body)", unless: isInlineBody)
                output(&source)
                parameterReader(&source)
                parameterWriter(&source)
                answer(&source)
                outputReader(&source)
            }
        }
        source.line()
    }

    private var kind: String {
        if model.access == ".everyone" { return "OpenEndpoint" }
        if model.takesIdempotencyKey { return "IdempotentEndpoint" }
        return model.method == "get" ? "ReadEndpoint" : "WriteEndpoint"
    }

    private var body: String {
        switch model.body {
        case .none: "EmptyBody"
        case .file: "FileBody"
        case .json(let type): types.property(type, isAnswer: false)
        }
    }

    /// An inline body is declared as `Body` within the type.
    private var isInlineBody: Bool { body == "\(types.namespace).\(model.typeName).Body" }

    private func description(_ source: inout SourceText) {
        var arguments = [
            "id: \(quoted(model.id))", "method: .\(model.method)", "path: \(quoted(model.path))",
            "access: \(model.access)",
        ]
        if !model.headerParameters.isEmpty {
            arguments.append("headers: [\(list(model.headerParameters.map(\.name)))]")
        }
        if !model.bodyTypes.isEmpty { arguments.append("bodyTypes: [\(list(model.bodyTypes))]") }
        if model.takesIdempotencyKey { arguments.append("takesIdempotencyKey: true") }
        if model.takesIfMatch { arguments.append("takesIfMatch: true") }
        if model.takesIfNoneMatch { arguments.append("takesIfNoneMatch: true") }
        let answerTypes = model.successes.flatMap(\.bodyTypes).reduce(into: [String]()) { types, type in
            if !types.contains(type) { types.append(type) }
        }
        if !answerTypes.isEmpty { arguments.append("answerTypes: [\(list(answerTypes))]") }
        arguments.append("answers: [\(list(model.answers))]")
        source.line("public static let description = EndpointDescription(")
        source.line("    \(arguments.joined(separator: ", ")))")
        source.line()
    }

    private func parameters(_ source: inout SourceText) {
        guard !model.parameters.isEmpty else {
            source.line("public typealias Parameters = NoParameters")
            return
        }
        let paged = model.isPaged ? ", PagedParameters" : ""
        source.block("public struct Parameters: Sendable, Hashable\(paged)") { source in
            for parameter in model.parameters {
                source.comment(parameter.description)
                source.line("public var \(parameter.swiftName): \(type(parameter))")
            }
            source.line()
            let arguments = model.parameters.map { parameter in
                let standard =
                    switch parameter.presence {
                    case .required: ""
                    case .optional: " = nil"
                    case .standard(let value): " = \(value)"
                    }
                return "\(parameter.swiftName): \(type(parameter))\(standard)"
            }
            source.comment("These parameters.")
            source.block("public init(\(arguments.joined(separator: ", ")))") { source in
                for parameter in model.parameters {
                    source.line("self.\(parameter.swiftName) = \(parameter.swiftName)")
                }
            }
        }
        source.line()
    }

    private func type(_ parameter: MemberModel) -> String {
        let type = types.property(parameter.type, isAnswer: false)
        if case .optional = parameter.presence { return type + "?" }
        return type
    }

    private func parameterReader(_ source: inout SourceText) {
        source.comment("Reads the parameters of a request.")
        source.block(
            "public static func parameters(reading reader: ParameterReader) throws(ParameterFault) -> Parameters"
        ) { source in
            guard !model.parameters.isEmpty else {
                source.line("try reader.refuseOtherQueries(than: [])")
                source.line("return Parameters()")
                return
            }
            source.line("let parameters = Parameters(")
            for (index, parameter) in model.parameters.enumerated() {
                let end = index == model.parameters.count - 1 ? ")" : ","
                source.line("    \(SwiftName.label(parameter.name)): \(reading(parameter))\(end)")
            }
            source.line("try reader.refuseOtherQueries(than: [\(queries)])")
            source.line("return parameters")
        }
        source.line()
    }

    private var queries: String { list(model.queryParameters.map(\.name)) }

    private func reading(_ parameter: MemberModel) -> String {
        let place =
            if model.pathParameters.contains(where: { $0.name == parameter.name }) {
                "path"
            } else if model.headerParameters.contains(where: { $0.name == parameter.name }) {
                "header"
            } else {
                "query"
            }
        let reader = types.reader(parameter.type, isAnswer: false)
        let name = quoted(parameter.name)
        switch parameter.presence {
        case .required where place == "query": return "try reader.requiredQuery(\(name), \(reader))"
        case .required, .optional: return "try reader.\(place)(\(name), \(reader))"
        case .standard(let value): return "try reader.\(place)(\(name), \(reader)) ?? \(value)"
        }
    }

    private func parameterWriter(_ source: inout SourceText) {
        source.comment("Writes the parameters of a request.")
        source.block(
            "public static func write(_ parameters: Parameters, to writer: inout ParameterWriter)"
        ) { source in
            writes("path", model.pathParameters, &source)
            writes("query", model.queryParameters, &source)
            writes("header", model.headerParameters, &source)
        }
        source.line()
    }

    private func writes(_ place: String, _ parameters: [MemberModel], _ source: inout SourceText) {
        for parameter in parameters {
            let name = "parameters.\(parameter.swiftName)"
            let call = { (value: String) in
                "writer.\(place)(\(quoted(parameter.name)), \(types.parameterText(value, parameter.type)))"
            }
            if case .optional = parameter.presence {
                source.line("if let value = \(name) { \(call("value")) }")
            } else {
                source.line(call(name))
            }
        }
    }

    private func quoted(_ text: String) -> String { Swift.String(reflecting: text) }

    private func list(_ texts: [String]) -> String { texts.map(quoted).joined(separator: ", ") }
}

extension SourceText {
    /// The line, unless it is not needed.
    mutating func line(_ text: String, unless isOmitted: Bool) {
        if !isOmitted { line(text) }
        line()
    }
}
