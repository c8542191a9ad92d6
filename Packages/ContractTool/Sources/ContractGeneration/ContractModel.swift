/// One context's contract, in the terms of the Swift that is written.
struct ContractModel {
    /// The context: `Portfolios`.
    let context: String
    /// Where it was read from.
    let file: String
    /// Types in the document's order, those of operations after those of its schemas.
    var types: [TypeDeclaration]
    var operations: [OperationModel]
}

/// A type that is written.
enum TypeDeclaration {
    case structure(StructModel)
    case choice(EnumModel)
    case union(UnionModel)

    var name: String {
        switch self {
        case .structure(let model): model.name
        case .choice(let model): model.name
        case .union(let model): model.name
        }
    }

    /// The name without those that it is nested in.
    var lastName: String { String(name.split(separator: ".").last ?? "") }

    var line: Int {
        switch self {
        case .structure(let model): model.node.line
        case .choice(let model): model.line
        case .union(let model): model.node.line
        }
    }
}

/// An object.
struct StructModel {
    /// With those that it is nested in: `Valuation.Holding`.
    let name: String
    let description: String?
    /// The types whose members stand before its own, by `allOf`.
    let bases: [String]
    let members: [MemberModel]
    let node: YAMLNode
    /// Whether its members are the extensions of a problem.
    let isProblem: Bool
    /// Whether the document says that there are no other members.
    let isClosed: Bool
}

/// A member of an object, or a parameter.
struct MemberModel {
    enum Presence {
        case required
        case optional
        /// Left out, it has this value: a Swift expression.
        case standard(String)
    }

    /// As it crosses the wire.
    let name: String
    let type: ValueType
    let presence: Presence
    /// Whether null is a value of its own.
    let isNullable: Bool
    /// Whether null, in a change, removes what is there.
    let isRemovable: Bool
    let description: String?
    let node: YAMLNode

    var swiftName: String { SwiftName.member(name) }
}

/// An enumeration of the document's own.
struct EnumModel {
    let name: String
    let description: String?
    let values: [String]
    /// The enum of SharedTypes that has these values and more.
    let shared: String?
    let line: Int
}

/// `oneOf` with a discriminator.
struct UnionModel {
    struct Branch {
        let tag: String
        let type: String
    }

    let name: String
    let description: String?
    let discriminator: String
    let branches: [Branch]
    let node: YAMLNode
}

/// What a value is in Swift, and what is checked of it.
indirect enum ValueType {
    case text(TextRule)
    case decimal(range: String)
    case exchangeRate, currency, currencyUnit, day, moment, uuid
    /// The identifier of an entity of SharedTypes.
    case key(String)
    case int(lower: Int?, upper: Int?)
    case bool, number
    /// An enum of SharedTypes.
    case sharedChoice(String)
    /// An enum of the document.
    case choice(String)
    /// A struct or a union of the document.
    case named(String)
    case constant(String)
    case json, object
    case array(ValueType, count: ClosedRange<Int>?, isSet: Bool)
    case dictionary(ValueType)
    case page(ValueType)
    case problem
}

/// What is checked of a text.
struct TextRule {
    var lower: Int?
    var upper: Int?
    var isMultiline = false
    var pattern: String?
    /// What is said where the pattern does not match; it goes on after the field's name.
    var reason: String?
}

/// An operation.
struct OperationModel {
    struct Success {
        enum Body {
            case none
            case json(ValueType)
            case file
            case eventStream
        }

        let status: Int
        let body: Body
        /// The media types of the body; empty where there is none.
        let bodyTypes: [String]
        /// Headers whose value the code gives, in the document's order.
        let headers: [String]
        /// Headers whose value the document gives.
        let constants: [(name: String, value: String)]
    }

    enum Body {
        case none
        case json(ValueType)
        case file
    }

    let id: String
    let method: String
    let path: String
    let summary: String?
    let access: String
    let pathParameters: [MemberModel]
    let queryParameters: [MemberModel]
    let headerParameters: [MemberModel]
    let takesIdempotencyKey: Bool
    let takesIfMatch: Bool
    let takesIfNoneMatch: Bool
    let body: Body
    let bodyTypes: [String]
    let successes: [Success]
    let answers: [String]
    let node: YAMLNode

    var typeName: String { id.prefix(1).uppercased() + id.dropFirst() }
    var parameters: [MemberModel] { pathParameters + queryParameters + headerParameters }

    /// Whether the parameters say which page of a list is asked for.
    var isPaged: Bool {
        guard let after = queryParameters.first(where: { $0.name == "after" }), case .text = after.type,
            case .optional = after.presence,
            let limit = queryParameters.first(where: { $0.name == "limit" }), case .int = limit.type,
            case .standard = limit.presence
        else { return false }
        return true
    }
}
