import Foundation

/// The contracts and the pages that people read.
extension Rule {
    static let documents = [onePathStandsInOneContract]

    /// The dev server serves every contract at once, and a gateway goes by the path.
    static let onePathStandsInOneContract = Rule(name: "one path stands in one contract") { tree in
        let paths = tree.documents.filter { $0.path.hasSuffix("/openapi.yaml") }.flatMap { contract in
            // Whatever a parameter is called, the path is the same.
            contract.text.matches(of: #"^  (/\S*):\s*$"#).compactMap { place in
                place.group.map { (key: $0.replacing(/\{[^}]*\}/, with: "{}"), line: place.line, contract) }
            }
        }
        return Dictionary(grouping: paths, by: \.key).values.flatMap { places in
            places.dropFirst().map { place in
                Violation(
                    place.2.path, line: place.line,
                    "\(place.key) stands in \(places.first?.2.path ?? "") as well")
            }
        }
    }
}
