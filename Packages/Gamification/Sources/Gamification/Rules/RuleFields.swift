import ExactTypes
import Foundation
import SharedTypes

/// The members of a rule that is stored as a JSON object, read once each: what nobody has read is unknown.
struct RuleFields {
    private var members: [String: Value]

    private enum Value: Decodable {
        case text(String)
        case texts([String])
        case whole(Int)
        case other

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self = .text(text)
            } else if let texts = try? container.decode([String].self) {
                self = .texts(texts)
            } else if let whole = try? container.decode(Int.self) {
                self = .whole(whole)
            } else {
                self = .other
            }
        }
    }

    init(parsing text: String) throws(CriteriaFault) {
        guard let members = try? JSONDecoder().decode([String: Value].self, from: Data(text.utf8)) else {
            throw CriteriaFault(field: "", reason: "must be an object")
        }
        self.members = members
    }

    mutating func text(_ name: String) throws(CriteriaFault) -> String {
        guard case .text(let text) = try take(name) else {
            throw CriteriaFault(field: name, reason: "must be a string")
        }
        return text
    }

    /// A whole number within a range.
    mutating func whole(
        _ name: String, in range: ClosedRange<Int>, default standard: Int? = nil
    ) throws(CriteriaFault) -> Int {
        if members[name] == nil, let standard { return standard }
        guard case .whole(let whole) = try take(name), range.contains(whole) else {
            throw CriteriaFault(
                field: name,
                reason: "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return whole
    }

    mutating func choice<E: RawRepresentable<String> & CaseIterable>(
        _ name: String, _ type: E.Type
    ) throws(CriteriaFault) -> E {
        guard case .text(let text) = try take(name), let value = E(rawValue: text) else {
            let names = E.allCases.map(\.rawValue).joined(separator: ", ")
            throw CriteriaFault(field: name, reason: "must be one of \(names)")
        }
        return value
    }

    /// One or more of those given, each once.
    mutating func choices<E: RawRepresentable<String> & Hashable>(
        _ name: String, among admitted: [E]
    ) throws(CriteriaFault) -> Set<E> {
        let fault = CriteriaFault(
            field: name,
            reason: "must be a list of any of \(admitted.map(\.rawValue).joined(separator: ", "))")
        guard case .texts(let texts) = try take(name), !texts.isEmpty else { throw fault }
        var chosen: Set<E> = []
        for text in texts {
            guard let value = admitted.first(where: { $0.rawValue == text }), chosen.insert(value).inserted
            else { throw fault }
        }
        return chosen
    }

    mutating func currency(_ name: String) throws(CriteriaFault) -> Currency {
        guard let currency = try? Currency(parsing: try text(name)) else {
            throw CriteriaFault(field: name, reason: "must be an ISO 4217 currency")
        }
        return currency
    }

    /// A name as badges and quests have it.
    mutating func code(_ name: String) throws(CriteriaFault) -> String {
        let code = try text(name)
        guard code.wholeMatch(of: /[a-z][a-z0-9_]{0,59}/) != nil else {
            throw CriteriaFault(
                field: name,
                reason: "must be 1 to 60 small letters, digits and underscores, a letter first")
        }
        return code
    }

    /// Refuses what nobody has read.
    func finish() throws(CriteriaFault) {
        if let unknown = members.keys.min() {
            throw CriteriaFault(field: unknown, reason: "is not a known field")
        }
    }

    private mutating func take(_ name: String) throws(CriteriaFault) -> Value {
        guard let value = members.removeValue(forKey: name) else {
            throw CriteriaFault(field: name, reason: "is required")
        }
        return value
    }
}
