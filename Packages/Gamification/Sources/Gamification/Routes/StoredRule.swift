import ExactTypes
import GamificationContract
import StrictJSON

/// A rule that is kept as data: what the contract shows of it, and the rule itself, are read from the same text.
///
/// Reads the rule from what a request gives; a fault is named by its own field.
func rule<Rule>(
    _ field: String, _ written: some JSONWritable, _ read: (String) throws(FieldError) -> Rule
) throws(FieldError) -> Rule {
    do throws(FieldError) {
        return try read(String(decoding: written.json, as: UTF8.self))
    } catch {
        throw FieldError(
            field: error.field.isEmpty ? field : "\(field).\(error.field)", reason: error.reason)
    }
}

/// A rule in the database that is not what the contract says.
struct StoredRuleFault: Error {
    let fault: FieldError
}

extension JSONReadable {
    /// What the contract shows of a rule that the database keeps.
    init(stored text: String) throws {
        let value = try JSONValue(parsing: text)
        do throws(FieldError) {
            self = try Self(reading: value, .answer)
        } catch {
            throw StoredRuleFault(fault: error)
        }
    }
}

extension GamificationAPI.Reward {
    /// What was written by other rules than these is shown as nothing.
    init?(ifStored text: String?) {
        guard let text, let reward = try? Self(stored: text) else { return nil }
        self = reward
    }
}
