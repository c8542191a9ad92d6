extension EndpointSource {
    /// The answers that are no problems, each with exactly what its document gives.
    func output(_ source: inout SourceText) {
        source.comment("The answers that are no problems.")
        let paged = model.isPaged ? ", PagedOutput" : ""
        source.block("public enum Output: Sendable, Hashable\(paged)") { source in
            for success in model.successes {
                let values = values(of: success).map { "\($0.label)\($0.type)" }
                source.line(
                    "case \(Self.caseName(success.status))"
                        + (values.isEmpty ? "" : "(\(values.joined(separator: ", ")))"))
            }
            guard let success = model.successes.first, model.successes.count == 1 else { return }
            for (index, value) in values(of: success).enumerated() {
                let pattern = values(of: success).indices.map { $0 == index ? "let value" : "_" }
                source.line()
                source.comment(value.name == "body" ? "The body of the answer." : "The header of the answer.")
                source.block("public var \(value.name): \(value.type)") { source in
                    source.line(
                        "switch self { case .\(Self.caseName(success.status))(\(pattern.joined(separator: ", "))): value }"
                    )
                }
            }
            guard model.isPaged else { return }
            source.line()
            source.comment("The cursor of the next page; nil on the last.")
            source.line("public var next: String? { body.next }")
        }
        source.line()
    }

    private struct Value {
        let name: String
        let label: String
        let type: String
    }

    private func values(of success: OperationModel.Success) -> [Value] {
        var values: [Value] = []
        switch success.body {
        case .json(let type):
            values.append(Value(name: "body", label: "", type: types.property(type, isAnswer: true)))
        case .file: values.append(Value(name: "body", label: "", type: "Content"))
        case .none, .eventStream: break
        }
        for header in success.headers {
            let name = header == "ETag" ? "etag" : SwiftName.member(header)
            values.append(Value(name: name, label: name + ": ", type: header == "ETag" ? "ETag" : "String"))
        }
        return values
    }

    static func caseName(_ status: Int) -> String {
        switch status {
        case 200: "ok"
        case 201: "created"
        case 202: "accepted"
        case 204: "noContent"
        default: "answer\(status)"
        }
    }

    func answer(_ source: inout SourceText) {
        source.comment("The answer as it crosses the wire.")
        source.block("public static func answer(_ output: Output) -> Answer") { source in
            source.block("switch output") { source in
                for success in model.successes { source.line(writing(success)) }
            }
        }
        source.line()
    }

    private func writing(_ success: OperationModel.Success) -> String {
        let values = values(of: success)
        let pattern =
            values.isEmpty
            ? "" : "(\(values.map { "let \($0.name)" }.joined(separator: ", ")))"
        var headers = success.headers.map { header in
            let name = header == "ETag" ? "etag.description" : SwiftName.member(header)
            return "(\(Swift.String(reflecting: header)), \(name))"
        }
        headers += success.constants.map {
            "(\(Swift.String(reflecting: $0.name)), \(Swift.String(reflecting: $0.value)))"
        }
        var arguments = ["status: \(success.status)"]
        if !headers.isEmpty { arguments.append("headers: [\(headers.joined(separator: ", "))]") }
        switch success.body {
        case .json: arguments.append("content: Content(json: body)")
        case .file: arguments.append("content: body")
        case .none, .eventStream: break
        }
        return
            "case .\(Self.caseName(success.status))\(pattern): Answer(\(arguments.joined(separator: ", ")))"
    }

    func outputReader(_ source: inout SourceText) {
        source.comment("Reads an answer that is no problem.")
        source.block(
            "public static func output(reading answer: Answer, _ rules: ReadingRules) throws(FieldError) -> Output"
        ) { source in
            source.block("switch answer.status") { source in
                for success in model.successes {
                    source.line("case \(success.status): return .\(reading(success))")
                }
                source.line("default: throw answer.unforeseen")
            }
        }
    }

    private func reading(_ success: OperationModel.Success) -> String {
        var arguments: [String] = []
        switch success.body {
        case .json(let type):
            arguments.append("try answer.body(\(types.reader(type, isAnswer: true)), rules)")
        case .file: arguments.append("try answer.file()")
        case .none, .eventStream: break
        }
        for header in success.headers {
            let read = "try answer.requiredHeader(\(Swift.String(reflecting: header)))"
            arguments.append(
                header == "ETag" ? "etag: ETag(header: \(read))" : "\(SwiftName.member(header)): \(read)")
        }
        let list = arguments.isEmpty ? "" : "(\(arguments.joined(separator: ", ")))"
        return Self.caseName(success.status) + list
    }
}
