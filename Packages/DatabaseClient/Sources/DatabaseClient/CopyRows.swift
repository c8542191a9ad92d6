/// Rows for `COPY … FROM STDIN (FORMAT binary)`, encoded from ``Parameters`` in pieces of about 64 KB.
///
/// The order of the parameters is the order of the COPY's columns, and each was appended as its column's type:
/// a binary COPY converts nothing.
public struct CopyRows<Rows: AsyncSequence>: AsyncSequence where Rows.Element == Parameters {
    public typealias Element = [UInt8]

    let rows: Rows

    public init(_ rows: Rows) { self.rows = rows }

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(rows: rows.makeAsyncIterator()) }

    public struct AsyncIterator: AsyncIteratorProtocol {
        var rows: Rows.AsyncIterator
        private var writer = BinaryCopyWriter()
        private var isFinished = false

        init(rows: Rows.AsyncIterator) { self.rows = rows }

        public mutating func next() async throws -> [UInt8]? {
            guard !isFinished else { return nil }
            while writer.bytes.count < 64 << 10 {
                guard let row = try await rows.next() else {
                    isFinished = true
                    writer.finish()
                    break
                }
                writer.append(row)
            }
            return writer.take()
        }
    }
}

extension CopyRows: Sendable where Rows: Sendable {}

/// Writes PostgreSQL's binary COPY format: a header, then for each row its number of columns and each value with
/// its length, then a trailer.
public struct BinaryCopyWriter: Sendable {
    /// What was written and not yet taken.
    public private(set) var bytes: [UInt8] = Array(
        "PGCOPY\n\u{FF}\r\n\0".unicodeScalars.map { UInt8($0.value) })

    public init() {
        // Flags and the length of the header's extension: none of either.
        bytes.append(contentsOf: repeatElement(0, count: 8))
    }

    public mutating func append(_ row: Parameters) {
        bytes.append(bigEndian: Int16(row.count))
        bytes.append(contentsOf: row.bytes)
    }

    /// The trailer; nothing may follow it.
    public mutating func finish() { bytes.append(bigEndian: Int16(-1)) }

    /// What was written since the last time.
    public mutating func take() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }
}
