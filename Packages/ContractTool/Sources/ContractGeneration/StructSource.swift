/// A struct with its reader and its writer.
struct StructSource {
    let model: StructModel
    let types: TypeSource

    private var isAnswer: Bool { types.directions.answers.contains(model.name) }
    private var isRequest: Bool { types.directions.requests.contains(model.name) }
    /// Constants are written and checked, and are no arguments.
    private var stored: [MemberModel] {
        model.members.filter { if case .constant = $0.type { false } else { true } }
    }

    /// The name that an extension declares it in, and its own.
    static func place(_ name: String, in namespace: String) -> (outer: String, name: String) {
        let parts = name.split(separator: ".").map(String.init)
        return (([namespace] + parts.dropLast()).joined(separator: "."), parts.last ?? name)
    }

    func write(to source: inout SourceText) {
        let (outer, name) = Self.place(model.name, in: types.namespace)
        source.block("extension \(outer)") { source in
            source.comment(model.description)
            source.block("public struct \(name): \(conformances)") { source in
                for base in model.bases {
                    source.comment("The members that it shares with \(base).")
                    source.line("public var \(Self.property(base)): \(types.namespace).\(base)")
                }
                for member in stored {
                    source.comment(member.description)
                    source.line("public var \(member.swiftName): \(property(member))")
                }
                source.line()
                initialiser(&source)
                source.line()
                reader(&source)
                if !model.isProblem { writer(&source) }
            }
        }
        source.line()
    }

    private var conformances: String {
        var names = ["Sendable", "Hashable", "JSONReadable"]
        if !model.isProblem { names.append("JSONWritable") }
        if types.directions.bodies.contains(model.name) { names.append("RequestBody") }
        return names.joined(separator: ", ")
    }

    private static func property(_ base: String) -> String {
        SwiftName.member(base.prefix(1).lowercased() + base.dropFirst())
    }

    private func isOptional(_ member: MemberModel) -> Bool {
        if member.isRemovable { return false }
        if member.isNullable { return true }
        if case .optional = member.presence { return true }
        return false
    }

    private func property(_ member: MemberModel) -> String {
        let type = types.property(member.type, isAnswer: isAnswer)
        return member.isRemovable ? "Change<\(type)>" : isOptional(member) ? type + "?" : type
    }

    /// Of an answer every member must be given, so that a member more in the document is one that the code does not
    /// give yet, and the compiler says so.
    private func initialiser(_ source: inout SourceText) {
        var arguments = model.bases.map { "\(Self.property($0)): \(types.namespace).\($0)" }
        for member in stored {
            var type = types.argument(member.type)
            var standard = ""
            if member.isRemovable {
                (type, standard) = ("Change<\(type)>", " = .keep")
            } else {
                if isOptional(member) { type += "?" }
                if case .standard(let value) = member.presence, isRequest { standard = " = \(value)" }
                if case .optional = member.presence, !isAnswer { standard = " = nil" }
            }
            arguments.append("\(member.swiftName): \(type)\(standard)")
        }
        source.comment("A value with these members.")
        source.block("public init(\(arguments.joined(separator: ", ")))") { source in
            for base in model.bases { source.line("self.\(Self.property(base)) = \(Self.property(base))") }
            for member in stored {
                let value = types.stored(
                    member.swiftName, member.type, isOptional: isOptional(member),
                    isAnswer: isAnswer && !member.isRemovable)
                source.line("self.\(member.swiftName) = \(value)")
            }
        }
    }

    private func reader(_ source: inout SourceText) {
        let names = model.members.map { Swift.String(reflecting: $0.name) }.joined(separator: ", ")
        let own = "[\(names)]"
        let all = model.bases.map { "\(types.namespace).\($0).memberNames" }
        let set =
            all.isEmpty
            ? own
            : "\(all.joined(separator: ".union(") + String(repeating: ")", count: all.count - 1)).union(\(own))"
        source.line("static let memberNames: Set<String> = \(set)")
        source.line()
        source.comment("Reads an object; a fault names the field.")
        source.block("public init(reading value: JSONValue, _ rules: ReadingRules) throws(FieldError)") {
            source in
            source.line("let members = try MemberReader(value, rules)")
            source.line("try self.init(members)")
            if !model.isProblem { source.line("try members.refuseOthers(than: Self.memberNames)") }
        }
        source.line()
        source.block("init(_ members: MemberReader) throws(FieldError)") { source in
            for base in model.bases {
                source.line("self.\(Self.property(base)) = try \(types.namespace).\(base)(members)")
            }
            for member in model.members { source.line(reading(member)) }
        }
    }

    private func reading(_ member: MemberModel) -> String {
        let reader = types.reader(member.type, isAnswer: isAnswer)
        let name = Swift.String(reflecting: member.name)
        if case .constant = member.type { return "_ = try members.required(\(name), \(reader))" }
        if member.isRemovable {
            return "self.\(member.swiftName) = try members.isNull(\(name)) ? .remove "
                + ": members.optional(\(name), \(reader)).map { .set($0) } ?? .keep"
        }
        switch member.presence {
        case .required:
            return "self.\(member.swiftName) = try members.\(member.isNullable ? "nullable" : "required")"
                + "(\(name), \(reader))"
        case .optional: return "self.\(member.swiftName) = try members.optional(\(name), \(reader))"
        case .standard(let value):
            let standard = types.stored(value, member.type, isOptional: false, isAnswer: isAnswer)
            return "self.\(member.swiftName) = try members.optional(\(name), \(reader)) ?? \(standard)"
        }
    }

    private func writer(_ source: inout SourceText) {
        source.line()
        source.comment("Writes an object, its members in the document's order.")
        source.block("public func write(to writer: inout JSONWriter)") { source in
            source.line("writer.beginObject()")
            source.line("writeMembers(to: &writer)")
            source.line("writer.endObject()")
        }
        source.line()
        source.block("func writeMembers(to writer: inout JSONWriter)") { source in
            for base in model.bases { source.line("self.\(Self.property(base)).writeMembers(to: &writer)") }
            for member in model.members { writing(member, &source) }
        }
    }

    private func writing(_ member: MemberModel, _ source: inout SourceText) {
        let literal = "writer.member(\"\\\"\(member.name)\\\":\")"
        let value = isOptional(member) ? "value" : "self.\(member.swiftName)"
        let write = types.write(value, member.type, isAnswer: isAnswer)
        if member.isRemovable {
            source.block("switch self.\(member.swiftName)") { source in
                source.line("case .keep: break")
                source.line("case .remove: \(literal); writer.writeNull()")
                source.line(
                    "case .set(let value): \(literal); "
                        + types.write("value", member.type, isAnswer: isAnswer))
            }
            return
        }
        guard isOptional(member) else {
            source.line(literal)
            source.line(write)
            return
        }
        if case .required = member.presence {
            source.line(literal)
            source.line("if let value = self.\(member.swiftName) { \(write) } else { writer.writeNull() }")
        } else {
            source.block("if let value = self.\(member.swiftName)") { source in
                source.line(literal)
                source.line(write)
            }
        }
    }
}
