import Crypto
import Foundation

/// One step of the schema: an `.up.sql` that makes it and a `.down.sql` that takes it back.
public struct MigrationFile: Sendable, Hashable {
    /// `YYYYMMDDHHMMSS`; versions run in the order of their text.
    public let version: String
    /// What stands between the version and the ending, e.g. `create_users`.
    public let name: String
    public let up: String
    public let down: String
    /// Why there is no way back, when the down file says `-- irreversible: why`.
    public let irreversibleReason: String?
    /// True for a file that says `-- no-transaction`; its statements then run and stay one by one.
    public let upRunsWithoutTransaction: Bool
    public let downRunsWithoutTransaction: Bool
    /// SHA-256 of the up file with LF, in hexadecimal.
    public let checksum: String
    /// That of the same text with CRLF, which older versions of the tool recorded from such a checkout.
    private let checksumWithCRLF: String

    /// `20260101120000_create_users`
    public var title: String { "\(version)_\(name)" }
    public var upFileName: String { "\(title).up.sql" }
    public var downFileName: String { "\(title).down.sql" }

    init(version: String, name: String, up: String, down: String) {
        self.version = version
        self.name = name
        self.up = up
        self.down = down
        irreversibleReason = Self.directive("irreversible:", in: down)
        upRunsWithoutTransaction = Self.directive("no-transaction", in: up) != nil
        downRunsWithoutTransaction = Self.directive("no-transaction", in: down) != nil
        checksum = Self.checksum(of: up)
        checksumWithCRLF = Self.checksum(
            of: up.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n"))
    }

    private static func checksum(of text: String) -> String {
        SHA256.hash(data: Data(text.utf8)).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    /// Whether this is the text that ran, going by the checksum that was recorded then.
    func isText(of recorded: AppliedMigration) -> Bool {
        recorded.checksum == checksum || recorded.checksum == checksumWithCRLF
    }

    /// What follows `-- name` on a comment line of its own, or nil when there is no such line.
    private static func directive(_ name: String, in text: String) -> String? {
        for line in text.split(separator: "\n") {
            let trimmed = line.trimmingCharacters(in: .whitespaces)
            guard trimmed.hasPrefix("--") else { continue }
            let comment = trimmed.dropFirst(2).trimmingCharacters(in: .whitespaces)
            if comment.hasPrefix(name) {
                return comment.dropFirst(name.count).trimmingCharacters(in: .whitespaces)
            }
        }
        return nil
    }
}

extension MigrationFile {
    /// The statements of `text`, each with its offset in Unicode scalars; comments around them are left out.
    static func statements(of text: String) throws(SQLLexer.Unterminated) -> [(offset: Int, sql: String)] {
        let scalars = Array(text.unicodeScalars)
        var statements: [(offset: Int, sql: String)] = []
        var start: Int?
        var end = 0
        var nesting = StatementNesting()
        func finish() {
            guard let first = start else { return }
            statements.append((first, String(String.UnicodeScalarView(scalars[first..<end]))))
            start = nil
            nesting = StatementNesting()
        }
        for token in try SQLLexer.tokens(of: scalars) {
            switch token.kind {
            case .whitespace, .lineComment, .blockComment: continue
            case .semicolon where nesting.isOutside: finish()
            default:
                nesting.enter(token.kind, String(String.UnicodeScalarView(scalars[token.range])))
                start = start ?? token.range.lowerBound
                end = token.range.upperBound
            }
        }
        finish()
        return statements
    }

    /// Faults of one file's text, each a sentence that begins with file:line:column.
    static func faults(of text: String, fileName: String) -> [String] {
        let scalars = Array(text.unicodeScalars)
        func place(_ offset: Int) -> String {
            let position = SourcePosition(of: offset, in: scalars)
            return "\(fileName):\(position.line):\(position.column)"
        }
        do {
            return try statements(of: text).compactMap { offset, sql in
                let words = sql.uppercased().split { !$0.isLetter }
                guard let first = words.first, transactionWords.contains(String(first)) else { return nil }
                return
                    "\(place(offset)): \(first) is not for the file to say: the runner puts a transaction "
                    + "around it; write `-- no-transaction` when a statement cannot run inside one."
            }
        } catch {
            return ["\(place(error.offset)): there is \(error.what)."]
        }
    }

    private static let transactionWords: Set<String> = [
        "BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE",
    ]
}
