extension PlantedFile {
    private static let contract = "Packages/Users/openapi.yaml"
    private static let page = "Packages/Market/README.md"

    static let documents = contracts + pages

    private static let contracts = [
        // Of two contracts the later by name is reported.
        violation(.onePathStandsInOneContract, contract, "  /v1/portfolios/{id}/valuation:"),
        innocent(.onePathStandsInOneContract, contract, "  /v1/planted:\n    get: {}"),
        violation(
            .operationsForeseeEveryProblem, contract,
            "    get:\n      operationId: plant\n      responses: {}"),
        innocent(
            .operationsForeseeEveryProblem, contract,
            "    get:\n      operationId: plant\n      responses:\n        default: { description: A problem. }"
        ),
    ]

    private static let pages = [
        violation(.contextsHaveTheSameHeadings, page, "## Invariants"),
        innocent(.contextsHaveTheSameHeadings, page, "### Invariants"),
        innocent(.contextsHaveTheSameHeadings, "Packages/EventLog/README.md", "## Invariants"),
        violation(.linksResolve, page, "See [the guide](../Markets/README.md#imports)."),
        violation(.linksResolve, page, "`Tests/MarketTests/PlantedTests.swift` has it."),
        innocent(
            .linksResolve, page,
            "[one](../Users/README.md#rules), [two](https://example.com/x), [three](#rules), `Tests/MarketTests`"
        ),
        violation(.nothingCitesWhatIsNotHere, page, "DESIGN has the reasons."),
        violation(
            .nothingCitesWhatIsNotHere, "Packages/Market/Sources/Market/MarketModule.swift",
            "// Measured (notes: performance)."),
        violation(.nothingCitesWhatIsNotHere, "infra/README.md", "As issue 12 has it."),
        innocent(
            .nothingCitesWhatIsNotHere, "Packages/Market/Sources/Market/MarketModule.swift",
            "let text = \"as issue 12 has it\"\n// A design, and an issue with notes."),
    ]
}

extension PlantedFile {
    /// So often that it is too often, however far the numbers have fallen.
    static let oldWords = [
        violation(
            .oldWordsOnlyLeave, "Packages/Market/README.md",
            String(repeating: "It tells them.\n", count: 400),
            at: Rule.wordListPath),
        violation(
            .oldWordsOnlyLeave, "Packages/Market/Sources/Market/MarketModule.swift",
            String(repeating: "// Nobody.\n", count: 400), at: Rule.wordListPath),
        violation(
            .oldWordsOnlyLeave, "Packages/Market/Queries/instruments.sql", "-- It sifts.",
            at: Rule.wordListPath),
        innocent(
            .oldWordsOnlyLeave, "Packages/Market/README.md",
            "The intelligent, foretold, shearing string of heat, others, houses of cards: there."),
    ]
}
