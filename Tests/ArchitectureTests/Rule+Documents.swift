import Foundation

/// The contracts and the pages that people read.
extension Rule {
    static let documents = [
        onePathStandsInOneContract, operationsForeseeEveryProblem, contextsHaveTheSameHeadings, linksResolve,
        nothingCitesWhatIsNotHere,
    ]

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

    /// The chassis itself answers with 401, 429, 500 and 503, wherever a request goes.
    static let operationsForeseeEveryProblem = Rule(name: "an operation foresees every problem") { tree in
        tree.documents.filter { $0.path.hasSuffix("/openapi.yaml") }.flatMap { contract in
            contract.text.split(separator: "\n      operationId: ").dropFirst().compactMap { operation in
                guard !operation.contains("\n        default: {") else { return nil }
                let name = operation.prefix { !$0.isNewline }
                return Violation(contract.path, "\(name) has no `default` among its answers")
            }
        }
    }

    private static let headings = [
        "What it is", "Tables", "Endpoints", "Events", "Rules", "Configuration", "Dependencies",
    ]

    static let contextsHaveTheSameHeadings = Rule(
        name: "a context's README has the same headings as the others"
    ) {
        tree in
        Layering.contexts.sorted().compactMap { context in
            guard let readme = tree.readme(of: context) else { return nil }
            let found = readme.text.matches(of: #"^## (.*)$"#).compactMap(\.group)
            guard found != headings else { return nil }
            return Violation(
                readme.path,
                "has the headings \(found.joined(separator: ", ")), and not \(headings.joined(separator: ", "))"
            )
        }
    }

    /// A link, and a path of this repository that is named in a text.
    private static let places = [
        #"\]\(((?!https?:|mailto:|#)[^)#\s]+)"#,
        // SchemaTool's guide makes a package `Shop` step by step.
        #"`((?!Packages/Shop/)(?:Packages|Services|Tests|infra|migrations|scripts)/[\w./+-]+)`"#,
    ]

    static let linksResolve = Rule(name: "a link leads somewhere") { tree in
        tree.documents.filter { $0.path.hasSuffix(".md") }.flatMap { page in
            places.enumerated().flatMap { index, pattern in
                page.text.matches(of: pattern).compactMap { place in
                    guard let link = place.group else { return nil }
                    let parts = (index == 0 ? page.folders : []) + link.split(separator: "/").map(String.init)
                    let path = parts.reduce(into: [String]()) { path, part in
                        if part == ".." { _ = path.popLast() } else if part != "." { path.append(part) }
                    }.joined(separator: "/")
                    guard !path.isEmpty, !tree.paths.contains(path) else { return nil }
                    return Violation(page.path, line: place.line, "\(link) leads nowhere")
                }
            }
        }
    }

    private static let citations = [
        Ban(
            #"\bDESIGN\b|\bnotes: |\b(?i:issue) \d+\b|\b(?i:the issue's)|\b(?i:field report)|\bhouse\.md\b|\bshared/(?:notes|cases)\b"#,
            "say what its reader needs: that is not in the repository")
    ]

    static let nothingCitesWhatIsNotHere = Rule(name: "nothing cites what is not in the repository") { tree in
        let ofFiles = tree.files.filter { !$0.path.hasPrefix("Tests/ArchitectureTests/") }.flatMap {
            $0.findings(of: citations, in: $0.source.comments)
        }
        let ofPages = tree.documents.flatMap { page in
            citations.flatMap { ban in
                page.text.matches(of: ban.pattern).map { Violation(page.path, line: $0.line, ban.instead) }
            }
        }
        return ofFiles + ofPages
    }
}
