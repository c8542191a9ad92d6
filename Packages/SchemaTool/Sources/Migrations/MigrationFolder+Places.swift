extension MigrationFolder {
    /// The place in an up file where a table or a type gets its name, by CREATE or RENAME; the last, where there are
    /// several. Nil where the name is in no file, as one that a DO block puts together.
    public func place(ofName name: String, in schema: String) -> (
        file: String, position: SourcePosition, text: String
    )? {
        for file in migrations.reversed() {
            let scalars = Array(file.up.unicodeScalars)
            guard let tokens = try? SQLLexer.tokens(of: scalars) else { continue }
            let words = tokens.filter { ![.whitespace, .lineComment, .blockComment].contains($0.kind) }
                .map { ($0.range.lowerBound, Self.name($0, scalars)) }
            let found = words.indices.last { index in
                guard words[index].1 == name, index > 1 else { return false }
                let before = words[max(0, index - 6)..<index].map { $0.1.lowercased() }
                if before.suffix(2) == ["rename", "to"] { return true }
                guard before.suffix(2) == [schema, "."] else { return false }
                return before.contains("create")
                    && !Set(before.dropLast(2)).isDisjoint(with: ["table", "type", "view"])
            }
            guard let found else { continue }
            return (upFile(file), SourcePosition(of: words[found].0, in: scalars), file.up)
        }
        return nil
    }

    private func upFile(_ file: MigrationFile) -> String { "\(path)/\(file.upFileName)" }

    /// As the catalog has it.
    private static func name(_ token: SQLToken, _ scalars: [Unicode.Scalar]) -> String {
        let text = String(String.UnicodeScalarView(scalars[token.range]))
        guard token.kind == .quotedIdentifier else { return text.lowercased() }
        return String(text.dropFirst().dropLast()).replacing("\"\"", with: "\"")
    }
}
