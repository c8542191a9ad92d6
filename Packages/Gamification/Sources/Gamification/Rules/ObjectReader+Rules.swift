import ExactTypes
import StrictJSON

/// What rules that are stored as data have beside texts and numbers.
extension ObjectReader {
    mutating func currency(_ name: String) throws(FieldError) -> Currency {
        guard let currency = try? Currency(parsing: try text(name)) else {
            throw FieldError(field: name, reason: "must be an ISO 4217 currency")
        }
        return currency
    }

    /// A name as badges and quests have it.
    mutating func code(_ name: String) throws(FieldError) -> String {
        let code = try text(name)
        guard code.wholeMatch(of: /[a-z][a-z0-9_]{0,59}/) != nil else {
            throw FieldError(
                field: name,
                reason: "must be 1 to 60 small letters, digits and underscores, a letter first")
        }
        return code
    }
}
