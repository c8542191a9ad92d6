/// Every context has the same rooms, and each room one kind of thing in it.
extension Rule {
    /// The rooms of a context; the map at the top of the repository's README says what belongs in which.
    private static let roomNames: Set<String> = [
        "Rules", "UseCases", "Routes", "Consumers", "Files", "Clients", "Generated",
    ]

    /// The files of a context's own module, with what stands behind its folder: "Rules/Bar.swift".
    private static func filesOfContexts(
        _ tree: SourceTree
    ) -> [(context: String, rest: Substring, file: SourceTree.File)] {
        Layering.contexts.sorted().flatMap { context in
            let root = "Packages/\(context)/Sources/\(context)/"
            return tree.files(in: root).map { (context, $0.path.dropFirst(root.count), $0) }
        }
    }

    private static func isOutside(_ context: String, _ rest: Substring) -> Bool {
        guard let slash = rest.firstIndex(of: "/") else {
            return !["Module", "Error", "Configuration"].contains {
                rest == "\(context)\($0).swift" || rest.hasPrefix("\(context)\($0)+")
            }
        }
        return !roomNames.contains(String(rest[..<slash]))
    }

    static let contextsHaveTheSameRooms = Rule(name: "a context has the rooms that every context has") {
        tree in
        filesOfContexts(tree).filter { context, rest, _ in
            isOutside(context, rest)
        }.map { _, _, file in
            Violation(file.path, "lies in none of the rooms \(roomNames.sorted().joined(separator: ", "))")
        }
    }

    /// Files whose types have no use case of the file's name beside them. The list may only shrink.
    static let oldUseCases: Set<String> = [
        "Gamification/UseCases/AuthorAchievement.swift", "Gamification/UseCases/AuthorQuest.swift",
        "Gamification/UseCases/AuthorSeason.swift", "Gamification/UseCases/ExperienceLedger.swift",
        "Notifications/UseCases/KeepRecipient.swift", "Notifications/UseCases/PlanDelivery.swift",
        "Notifications/UseCases/ReplaceWebhookEndpoint.swift", "Portfolios/UseCases/ActivityImport.swift",
        "Portfolios/UseCases/ImportReport.swift", "Portfolios/UseCases/Ledger.swift",
        "Portfolios/UseCases/Ledger+Lots.swift", "Portfolios/UseCases/Ledger+Storing.swift",
        "Portfolios/UseCases/PortfolioHistory.swift", "Users/UseCases/LimitAttempts.swift",
    ]

    /// A value that stands by itself is a rule's; among the use cases only what one of them takes or gives.
    static let useCasesAreNamedAfterTheirFile = Rule(
        name: "a type among the use cases stands beside the function that its file is named after"
    ) { tree in
        filesOfContexts(tree).filter { context, rest, file in
            rest.hasPrefix("UseCases/") && !oldUseCases.contains("\(context)/\(rest)")
                && !file.source.code.matches(
                    of: #"^(?:\w+ )*(?:struct|enum|class|actor|protocol) (\w+)"#
                ).isEmpty
        }.compactMap { _, _, file in
            let name = file.stem.prefix(1).lowercased() + file.stem.dropFirst()
            guard file.source.code.matches(of: "\\bfunc \(name)\\b").isEmpty else { return nil }
            return Violation(file.path, "has a type and no function \(name): a value belongs in Rules")
        }
    }

    /// How many statements a route still runs itself. The numbers may only fall.
    static let oldRouteStatements: [String: Int] = [
        "Gamification/Routes/BattlePassRoutes.swift": 4,
        "Gamification/Routes/CatalogueAchievementRoutes.swift": 2,
        "Gamification/Routes/CatalogueQuestRoutes.swift": 2,
        "Gamification/Routes/CatalogueSeasonRoutes.swift": 3, "Gamification/Routes/ProgressRoutes.swift": 2,
        "Gamification/Routes/QuestRoutes.swift": 3,
    ]

    static let routesCallNoStatement = Rule(name: "a route calls a use case, and no statement") { tree in
        let files = filesOfContexts(tree)
        let statements = Dictionary(grouping: files, by: \.context).mapValues { files in
            Set(
                files.filter { $0.rest.hasPrefix("Generated/") && $0.rest.hasSuffix("Queries.swift") }.flatMap
                {
                    $0.file.source.code.matches(of: #"\bfunc (\w+)\("#).compactMap(\.group)
                })
        }
        return files.filter { $0.rest.hasPrefix("Routes/") }.flatMap { context, rest, file in
            // A free function that has a statement's name is called by the module's name.
            let calls = file.source.code.matches(of: "(?<!\\b\(context))\\.(\\w+)\\(").filter { call in
                call.group.map { statements[context]?.contains($0) == true } ?? false
            }
            return calls.dropFirst(oldRouteStatements["\(context)/\(rest)"] ?? 0).map {
                Violation(file.path, line: $0.line, "runs \($0.group ?? "") itself: let a use case do it")
            }
        }
    }

    private static let encodableRows = [
        Ban(
            #"\bstruct \w+Row\s*:[^{]*\b(?:Encodable|Codable)\b"#,
            "a row is no answer: a column more would change the contract"),
        Ban(
            #"\bextension \w+Row\s*:[^{]*\b(?:Encodable|Codable)\b"#,
            "a row is no answer: write the answer that the contract describes"),
    ]

    /// So the compiler refuses a row in an answer.
    static let generatedRowsAreNoAnswers = Rule(name: "a generated row cannot be encoded") { tree in
        tree.files(in: "Packages/").filter { $0.folders.contains("Sources") }
            .flatMap { $0.findings(of: encodableRows) }
    }
}
