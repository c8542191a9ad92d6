/// What stands in angle brackets in a definition.
enum Placeholder {
    /// Replaces what depends on the row's number alone.
    static func fill(_ value: String, number: Int) -> String {
        guard value.contains("<") else { return value }
        let hex = String(number, radix: 16)
        return value.replacing("<n>", with: String(number))
            .replacing("<day>", with: day(number))
            .replacing("<hex>", with: String(repeating: "0", count: 64 - hex.count) + hex)
            .replacing("<hex40>", with: String(repeating: "0", count: 40 - hex.count) + hex)
    }

    /// What is named in it, as `status` or `portfolios.portfolios.id`.
    static func names(in value: String) -> [String] {
        value.matches(of: /<([a-z_][a-z0-9_.]*)>/).map { String($0.1) }
    }

    /// A day of months that all have 28.
    private static func day(_ number: Int) -> String {
        func padded(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let month = number / 28
        return "\(2000 + month / 12)-\(padded(month % 12 + 1))-\(padded(number % 28 + 1))"
    }
}
