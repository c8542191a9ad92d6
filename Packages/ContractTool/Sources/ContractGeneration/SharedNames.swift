import Foundation

/// The enums and keys of the schema, as SharedTypes has them.
public struct SharedNames: Sendable {
    /// The values of each enum by its Swift name, in their order.
    public let enums: [String: [String]]
    /// The Swift name of each case by its value.
    let cases: [String: [String: String]]
    /// The names of the types that have identifiers.
    public let entities: Set<String>

    /// Reads the two files that `schema generate` writes.
    public init(enums enumsSource: String, keys keysSource: String) {
        var enums: [String: [String]] = [:]
        var cases: [String: [String: String]] = [:]
        var current = ""
        for line in enumsSource.split(separator: "\n") {
            if let match = line.firstMatch(of: /^public enum ([A-Za-z0-9]+): String/) {
                current = String(match.1)
                enums[current] = []
                cases[current] = [:]
            } else if let match = line.firstMatch(of: /^    case (`?([A-Za-z0-9_]+)`?)(?: = "(.*)")?$/) {
                let value = match.3.map(String.init) ?? String(match.2)
                enums[current, default: []].append(value)
                cases[current, default: [:]][value] = String(match.1)
            }
        }
        self.enums = enums
        self.cases = cases
        entities = Set(
            keysSource.split(separator: "\n").compactMap { line in
                line.firstMatch(of: /^public enum ([A-Za-z0-9]+): Entity/).map { String($0.1) }
            })
    }
}
