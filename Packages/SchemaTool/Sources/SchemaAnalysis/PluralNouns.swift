/// English plurals that no rule of endings gives, as far as tables are called so.
enum PluralNouns {
    /// Of the last word of a table's name, in small letters; nil where the endings decide.
    static func singular(_ word: String) -> String? {
        unchanged.contains(word) ? word : irregular[word]
    }

    private static let unchanged = words(
        "series species news data media metadata equipment information means alias bias atlas lens gas canvas"
    )

    private static let irregular: [String: String] = {
        let pairs = words(
            """
            statuses status bonuses bonus viruses virus campuses campus censuses census focuses focus buses bus
            aliases alias biases bias atlases atlas lenses lens gases gas canvases canvas quizzes quiz caches cache
            indices index matrices matrix vertices vertex appendices appendix axes axis
            analyses analysis crises crisis theses thesis hypotheses hypothesis diagnoses diagnosis
            people person children child men man women woman feet foot teeth tooth mice mouse geese goose
            criteria criterion phenomena phenomenon
            movies movie cookies cookie calories calorie ties tie pies pie lies lie
            shelves shelf leaves leaf wolves wolf halves half lives life knives knife wives wife loaves loaf
            heroes hero potatoes potato tomatoes tomato echoes echo
            """)
        return Dictionary(
            uniqueKeysWithValues: stride(from: 0, to: pairs.count, by: 2).map { (pairs[$0], pairs[$0 + 1]) })
    }()

    private static func words(_ text: String) -> [String] {
        text.split(whereSeparator: \.isWhitespace).map(String.init)
    }
}
