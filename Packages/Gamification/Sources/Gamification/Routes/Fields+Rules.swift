import ExactTypes
import Foundation
import ServiceKit
import SharedTypes
import StrictJSON

extension Fields {
    static let points = 0...1_000_000

    /// A name that stays, as `first_investment`.
    func code(_ name: String) throws(Problem) -> String {
        let code = try string(name, length: 1...60)
        guard code.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil else {
            throw invalid(name, "must be small letters, digits and underscores, a letter first")
        }
        return code
    }

    /// A rule that is kept as data; a fault in it is named by its own field.
    func rule<Rule>(_ name: String, _ read: (String) throws(FieldError) -> Rule) throws(Problem) -> Rule {
        let text = try json(name).text
        do throws(FieldError) {
            return try read(text)
        } catch {
            throw invalid(error.field.isEmpty ? name : "\(name).\(error.field)", error.reason)
        }
    }

    /// A rule, or nil where the field is absent or null.
    func optionalRule<Rule>(
        _ name: String, _ read: (String) throws(FieldError) -> Rule
    ) throws(Problem) -> Rule? {
        has(name) ? try rule(name, read) : nil
    }
}

extension Cursor {
    /// The identifier of a page's last row; throws 422 for what is none.
    static func identifier<E: Entity>(_ cursor: String?, _ entity: E.Type) throws(Problem) -> Identifier<E>? {
        guard let cursor else { return nil }
        return try decode(cursor, as: Identifier<E>.self)
    }
}
