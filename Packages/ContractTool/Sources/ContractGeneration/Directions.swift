/// Which types requests carry, and which answers do.
struct Directions {
    private(set) var requests: Set<String> = []
    private(set) var answers: Set<String> = []
    /// The types that are the whole body of a request.
    private(set) var bodies: Set<String> = []

    init(_ model: ContractModel) {
        let types = Dictionary(model.types.map { ($0.name, $0) }) { first, _ in first }
        for operation in model.operations {
            if case .json(let type) = operation.body {
                if case .named(let name) = type { bodies.insert(name) }
                Self.mark(type, types, in: &requests)
            }
            for success in operation.successes {
                if case .json(let type) = success.body { Self.mark(type, types, in: &answers) }
            }
        }
        for case .structure(let model) in model.types where model.isProblem {
            Self.mark(.named(model.name), types, in: &answers)
        }
    }

    private static func mark(
        _ type: ValueType, _ types: [String: TypeDeclaration], in marked: inout Set<String>
    ) {
        switch type {
        case .array(let element, _, _), .dictionary(let element), .page(let element):
            mark(element, types, in: &marked)
        case .choice(let name), .named(let name):
            guard marked.insert(name).inserted, let declaration = types[name] else { return }
            switch declaration {
            case .structure(let model):
                for base in model.bases { mark(.named(base), types, in: &marked) }
                for member in model.members { mark(member.type, types, in: &marked) }
            case .union(let model):
                for branch in model.branches { mark(.named(branch.type), types, in: &marked) }
            case .choice: break
            }
        default: break
        }
    }
}

extension Directions {
    /// Requests are read strictly, so what they carry must say all that is checked.
    func check(_ model: ContractModel) throws {
        for type in model.types where requests.contains(type.name) {
            guard case .structure(let model) = type else { continue }
            guard model.isClosed else {
                throw model.node.fault(
                    "A request is read strictly: say `additionalProperties: false` in \(model.name).")
            }
            for member in model.members { try Self.check(member.type, at: member.node) }
        }
        for operation in model.operations {
            for parameter in operation.parameters { try Self.check(parameter.type, at: parameter.node) }
        }
    }

    private static func check(_ type: ValueType, at node: YAMLNode) throws {
        switch type {
        case .text(let rule):
            guard rule.upper != nil else {
                throw node.fault("A text of a request needs `maxLength`, or a format that says what it is.")
            }
            guard rule.pattern == nil || rule.reason != nil else {
                throw node.fault(
                    "A pattern of a request needs `x-reason`: what is said where it does not match.")
            }
        case .int(let lower, let upper):
            guard lower != nil, upper != nil else {
                throw node.fault("A whole number of a request needs `minimum` and `maximum`.")
            }
        case .array(let element, let count, _):
            guard count != nil else { throw node.fault("An array of a request needs `maxItems`.") }
            try check(element, at: node)
        case .number: throw node.fault("A number of a request is a decimal as a text: `format: decimal`.")
        case .page: throw node.fault("A request has no page.")
        default: break
        }
    }
}
