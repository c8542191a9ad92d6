import CLibPQ

/// One command of a flight.
enum Command: Sendable {
    /// BEGIN, with what follows it, as the isolation. It goes ahead of what its flight prepares, which may take a snapshot.
    case begin(String)
    static let commit = Command.unnamed("COMMIT", Parameters())
    static let rollback = Command.unnamed("ROLLBACK", Parameters())
    /// A named statement, prepared on first use.
    case execute(Statement, Parameters)
    /// A text of one statement, neither named nor kept.
    case unnamed(String, Parameters)
    /// The same, on behalf of a statement that errors are to name.
    case onBehalf(of: Statement, sql: String, Parameters)
    /// Parses a statement and asks for the types of its parameters and columns.
    case describe(String)
    /// Many statements by the simple protocol; alone in its flight.
    case script(String)

    /// How many results libpq gives for it.
    var steps: Int {
        if case .describe = self { 2 } else { 1 }
    }

    /// Whether a caller asked for it, of what is held back: the rest is BEGIN, and who acts.
    var isOfCaller: Bool {
        guard case .execute(let statement, _) = self else { return false }
        return statement != Database.actAs
    }

    var isBegin: Bool { if case .begin = self { true } else { false } }

    var statementName: String {
        switch self {
        case .begin: "BEGIN"
        case .execute(let statement, _), .onBehalf(let statement, _, _): statement.name
        case .unnamed(let sql, _), .describe(let sql), .script(let sql):
            String(sql.prefix { !$0.isNewline }.prefix(60))
        }
    }

    /// Hands the command to libpq's output buffer; false where the connection is gone.
    /// - Parameter isPrepared: false behind a pooler, which may give each transaction another server's session.
    func send(on connection: OpaquePointer, isPrepared: Bool) -> Bool {
        switch self {
        case .begin(let options): Self.sendUnnamed("BEGIN\(options)", Parameters(), on: connection)
        case .execute(let statement, let parameters) where isPrepared:
            parameters.withPointers { count, values, lengths, formats in
                PQsendQueryPrepared(connection, statement.preparedName, count, values, lengths, formats, 1)
                    == 1
            }
        case .execute(let statement, let parameters):
            Self.sendUnnamed(statement.sql, parameters, on: connection)
        case .unnamed(let sql, let parameters), .onBehalf(_, let sql, let parameters):
            Self.sendUnnamed(sql, parameters, on: connection)
        case .describe(let sql):
            PQsendPrepare(connection, "", sql, 0, nil) == 1 && PQsendDescribePrepared(connection, "") == 1
        case .script: false
        }
    }

    private static func sendUnnamed(
        _ sql: String, _ parameters: Parameters, on connection: OpaquePointer
    ) -> Bool {
        parameters.withPointers { count, values, lengths, formats in
            PQsendQueryParams(connection, sql, count, nil, values, lengths, formats, 1) == 1
        }
    }
}

extension Parameters {
    /// The arrays that libpq takes: a pointer, a length and the binary format (1) for each parameter.
    fileprivate func withPointers<R>(
        _ body: (
            Int32, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?
        ) -> R
    ) -> R {
        guard count > 0 else { return body(0, nil, nil, nil) }
        return bytes.withUnsafeBytes { raw in
            withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: count) { values in
                withUnsafeTemporaryAllocation(of: Int32.self, capacity: count * 2) { numbers in
                    var offset = 0
                    for index in 0..<count {
                        let length = Int32(
                            bigEndian: raw.loadUnaligned(fromByteOffset: offset, as: Int32.self))
                        offset += 4
                        let start = raw.baseAddress?.advanced(by: offset).assumingMemoryBound(to: CChar.self)
                        // libpq takes a nil pointer for NULL.
                        values.initializeElement(at: index, to: length < 0 ? nil : start)
                        numbers.initializeElement(at: index, to: max(0, length))
                        numbers.initializeElement(at: count + index, to: 1)
                        offset += Int(max(0, length))
                    }
                    let lengths = UnsafePointer(numbers.baseAddress)
                    return body(
                        Int32(count), UnsafePointer(values.baseAddress), lengths, lengths?.advanced(by: count)
                    )
                }
            }
        }
    }
}
