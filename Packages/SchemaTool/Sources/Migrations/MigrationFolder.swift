import Foundation

/// The folder of migration files, read and checked as a whole before anything runs.
public struct MigrationFolder: Sendable {
    public let path: String
    /// In the order in which they run.
    public let migrations: [MigrationFile]
    /// The generated rights of the service roles (`grants.sql`), when the folder has them.
    public let grants: String?
    /// Those of the contexts that the file `contexts` names; without the file there are none but the owner.
    public let roles: Roles

    static let grantsFileName = "grants.sql"

    /// Whether a statement of `grants.sql` gives, rather than takes.
    static func addsRights(_ sql: String) -> Bool {
        sql.hasPrefix("GRANT") || sql.hasPrefix("SELECT platform.let_")
    }
    static let schemaFileName = "schema.sql"

    /// Reads the folder. Throws `MigrationError.invalidFolder` with every fault that it has, not only the
    /// first.
    public init(path: String) throws(MigrationError) {
        self.path = path
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        } catch {
            throw .invalidFolder(
                path: path,
                faults: [
                    "There is no such folder. Give one with --migrations, or make it: `schema migrate new`."
                ])
        }
        var faults: [String] = []
        var texts: [String: String] = [:]
        for name in names where name.hasSuffix(".sql") {
            guard let text = try? SourceText.read("\(path)/\(name)") else {
                faults.append("\(name) cannot be read as UTF-8.")
                continue
            }
            texts[name] = text
        }
        let contexts =
            names.contains(Roles.fileName)
            ? try? SourceText.read("\(path)/\(Roles.fileName)") : ""
        if contexts == nil { faults.append("\(Roles.fileName) cannot be read as UTF-8.") }
        roles = Roles(parsing: contexts ?? "", faults: &faults)
        grants = texts.removeValue(forKey: Self.grantsFileName)
        texts.removeValue(forKey: Self.schemaFileName)
        migrations = Self.pair(texts, faults: &faults)
        guard faults.isEmpty else { throw .invalidFolder(path: path, faults: faults) }
    }

    private static func pair(_ texts: [String: String], faults: inout [String]) -> [MigrationFile] {
        var migrations: [MigrationFile] = []
        var titleOfVersion: [String: String] = [:]
        for fileName in texts.keys.sorted() {
            guard let (version, name, isUp) = parse(fileName) else {
                faults.append(
                    "\(fileName) is not named YYYYMMDDHHMMSS_description.up.sql or .down.sql "
                        + "(small letters, digits and underscores).")
                continue
            }
            let title = "\(version)_\(name)"
            let twin = "\(title).\(isUp ? "down" : "up").sql"
            if texts[twin] == nil {
                faults.append(
                    "\(fileName) has no \(twin)."
                        + (isUp ? " Write the way back, or a file with `-- irreversible: why`." : ""))
            }
            faults += MigrationFile.faults(of: texts[fileName] ?? "", fileName: fileName)
            guard isUp, let up = texts[fileName], let down = texts[twin] else { continue }
            if let other = titleOfVersion.updateValue(title, forKey: version) {
                faults.append(
                    "\(other) and \(title) have the same version: give the later one a new timestamp.")
            }
            let migration = MigrationFile(version: version, name: name, up: up, down: down)
            if migration.irreversibleReason == "" {
                faults.append("\(twin) says `irreversible:` without a reason: say why.")
            }
            migrations.append(migration)
        }
        return migrations.sorted { $0.version < $1.version }
    }

    private static func parse(_ fileName: String) -> (version: String, name: String, isUp: Bool)? {
        guard let match = fileName.wholeMatch(of: /([0-9]{14})_([a-z0-9_]+)\.(up|down)\.sql/) else {
            return nil
        }
        return (String(match.1), String(match.2), match.3 == "up")
    }

    /// Writes a pair for `name`, stamped with `date` in UTC, empty unless texts are given, and gives the two
    /// paths, the up file's first.
    public static func create(
        name: String, at date: Date, in path: String, up: String? = nil, down: String? = nil
    ) throws -> [String] {
        let words = name.lowercased().split { !$0.isASCII || !($0.isLetter || $0.isNumber) }
        guard !words.isEmpty else {
            throw MigrationError.invalidFolder(
                path: path, faults: ["\"\(name)\" has no letter: say in a few words what the migration does."]
            )
        }
        let style = Date.VerbatimFormatStyle(
            format: """
                \(year: .padded(4))\(month: .twoDigits)\(day: .twoDigits)\
                \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased))\
                \(minute: .twoDigits)\(second: .twoDigits)
                """,
            locale: Locale(identifier: "en_US_POSIX"), timeZone: .gmt,
            calendar: Calendar(identifier: .gregorian))
        let title = "\(date.formatted(style))_\(words.joined(separator: "_"))"
        let texts = [
            "\(title).up.sql": up ?? "-- Why this change is made.\n",
            "\(title).down.sql": down ?? "-- Restores the catalog that stood before \(title).up.sql.\n",
        ]
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return try texts.sorted { $0.key > $1.key }.map { fileName, text in
            try text.write(toFile: "\(path)/\(fileName)", atomically: true, encoding: .utf8)
            return "\(path)/\(fileName)"
        }
    }
}
