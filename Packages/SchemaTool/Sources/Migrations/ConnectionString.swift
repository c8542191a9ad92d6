/// A libpq connection string, a URI or `key=value` words, pointed at another database of the same server.
public func connectionString(_ text: String, withDatabase database: String) -> String {
    guard let scheme = text.firstRange(of: "://") else {
        // libpq takes the last value of a key that is given twice.
        return "\(text) dbname='\(database)'"
    }
    let rest = text[scheme.upperBound...]
    let query = rest.firstIndex(of: "?") ?? rest.endIndex
    let authority = rest[..<query].firstIndex(of: "/") ?? query
    // A `dbname` among the parameters would win over the path.
    let parameters = rest[query...].dropFirst().split(separator: "&").filter { !$0.hasPrefix("dbname=") }
    let suffix = parameters.isEmpty ? "" : "?\(parameters.joined(separator: "&"))"
    return "\(text[..<authority])/\(database)\(suffix)"
}

/// `text` as an SQL literal.
func literal(_ text: String) -> String {
    let doubled = text.replacing("'", with: "''")
    return text.contains("\\") ? "E'\(doubled.replacing("\\", with: "\\\\"))'" : "'\(doubled)'"
}

/// `name` as an SQL identifier.
public func quoted(_ name: String) -> String { "\"\(name.replacing("\"", with: "\"\""))\"" }
