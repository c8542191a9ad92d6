/// Enumerations and unions of a document's own.
struct ChoiceSource {
    let types: TypeSource
    let shared: SharedNames

    func write(_ model: EnumModel, to source: inout SourceText) {
        let (outer, name) = StructSource.place(model.name, in: types.namespace)
        source.block("extension \(outer)") { source in
            source.comment(model.description)
            source.block("public enum \(name): String, Sendable, Hashable, CaseIterable") { source in
                for value in model.values {
                    source.line("case \(SwiftName.member(value)) = \(Swift.String(reflecting: value))")
                }
                if let shared = model.shared { mapping(model, shared, &source) }
            }
        }
        source.line()
    }

    /// Between the document's enumeration and that of the schema, which has more values.
    private func mapping(_ model: EnumModel, _ name: String, _ source: inout SourceText) {
        let cases = model.values.map { value in
            (own: SwiftName.plainMember(value), shared: shared.cases[name]?[value] ?? value)
        }
        source.line()
        source.comment("The value of the schema; nil for one that the document does not list.")
        source.block("public init?(_ value: SharedTypes.\(name))") { source in
            source.block("switch value") { source in
                for pair in cases { source.line("case .\(pair.shared): self = .\(pair.own)") }
                source.line("default: return nil")
            }
        }
        source.line()
        source.comment("The value as the schema has it.")
        source.block("public var shared: SharedTypes.\(name)") { source in
            source.block("switch self") { source in
                for pair in cases { source.line("case .\(pair.own): .\(pair.shared)") }
            }
        }
    }

    func write(_ model: UnionModel, to source: inout SourceText) {
        let (outer, name) = StructSource.place(model.name, in: types.namespace)
        let isAnswer = types.directions.answers.contains(model.name)
        source.block("extension \(outer)") { source in
            source.comment(model.description)
            source.block("public enum \(name): Sendable, Hashable, JSONReadable, JSONWritable") { source in
                for branch in model.branches {
                    source.line("case \(SwiftName.member(branch.tag))(\(types.namespace).\(branch.type))")
                }
                if isAnswer {
                    source.comment("What a later contract says.")
                    source.line("case unknown(JSONValue)")
                }
                source.line()
                reader(model, isAnswer: isAnswer, &source)
                source.line()
                source.comment("Writes the branch.")
                source.block("public func write(to writer: inout JSONWriter)") { source in
                    source.block("switch self") { source in
                        for branch in model.branches {
                            source.line(
                                "case .\(SwiftName.plainMember(branch.tag))(let value): writer.write(value)")
                        }
                        if isAnswer { source.line("case .unknown(let value): writer.write(value)") }
                    }
                }
            }
        }
        source.line()
    }

    private func reader(_ model: UnionModel, isAnswer: Bool, _ source: inout SourceText) {
        let field = Swift.String(reflecting: model.discriminator)
        let tags = model.branches.map(\.tag).joined(separator: ", ")
        source.comment("Reads the branch that `\(model.discriminator)` names.")
        source.block("public init(reading value: JSONValue, _ rules: ReadingRules) throws(FieldError)") {
            source in
            source.block("switch try MemberReader(value, rules).tag(\(field))") { source in
                for branch in model.branches {
                    source.line(
                        "case \(Swift.String(reflecting: branch.tag)): self = "
                            + ".\(SwiftName.plainMember(branch.tag))(try .init(reading: value, rules))")
                }
                if isAnswer { source.line("case _ where !rules.isStrict: self = .unknown(value)") }
                source.line(
                    "default: throw FieldError(field: \(field), reason: \"must be one of \(tags)\")")
            }
        }
    }
}
