import TabularText

/// What became of some lines of a file.
struct WrittenLines {
    var inserted = 0
    var updated = 0
    var instrumentsCreated = 0
    /// What only the database could tell; then nothing of these lines was written.
    var faults: [ImportFault] = []
}

/// The bytes that are read into rows and written at once: some thousand rows.
private let pieceBytes = 131_072

/// Reads a file piece by piece and writes its lines piece by piece, inside of the caller's transaction.
///
/// After the first fault nothing more is written, but the file is read on until its end or until so many faults as
/// are told, so that a person can mend them in one go. Then it throws, and the caller's transaction rolls back.
func importFile<File: CSVFile>(
    from nextPiece: () async throws -> [UInt8]?,
    open: @escaping (CSVRow) throws(ImportFault) -> File,
    write: ([File.Line]) async throws -> WrittenLines,
    progress: (ImportProgress) -> Void
) async throws -> ImportSummary {
    var reading = FileReading(open: open)
    var state = ImportProgress()
    var instrumentsCreated = 0
    var isAtEnd = false
    while !isAtEnd {
        let piece = try await nextPiece()
        isAtEnd = piece == nil
        var rest = (piece ?? [])[...]
        repeat {
            let lines = reading.lines(in: isAtEnd ? nil : rest.prefix(pieceBytes))
            rest = rest.dropFirst(pieceBytes)
            if reading.faults.isEmpty, !lines.isEmpty {
                let written = try await write(lines)
                state.read += lines.count
                state.inserted += written.inserted
                state.updated += written.updated
                instrumentsCreated += written.instrumentsCreated
                reading.faults = written.faults
                progress(state)
            }
            if reading.isOver {
                throw MarketError.faultyFile(Array(reading.faults.prefix(ImportFault.limit)))
            }
        } while !rest.isEmpty
    }
    guard let file = reading.file, reading.faults.isEmpty else {
        throw MarketError.faultyFile(reading.faults)
    }
    return ImportSummary(
        read: state.read, inserted: state.inserted, updated: state.updated,
        unchanged: state.read - state.inserted - state.updated, rounded: file.roundedCount,
        instrumentsCreated: instrumentsCreated, ignoredColumns: file.ignoredColumns)
}

/// The file on its way from bytes to lines, with the faults that were met.
private struct FileReading<File: CSVFile> {
    let open: (CSVRow) throws(ImportFault) -> File
    private(set) var file: File?
    var faults: [ImportFault] = []
    private var reader = CSVReader()
    private var isUnreadable = false

    /// Whether reading on would tell nothing more.
    var isOver: Bool { isUnreadable || faults.count >= ImportFault.limit }

    init(open: @escaping (CSVRow) throws(ImportFault) -> File) { self.open = open }

    /// The lines that end within the bytes, or with nil the last one. A row at fault adds to the faults.
    mutating func lines(in bytes: ArraySlice<UInt8>?) -> [File.Line] {
        var lines: [File.Line] = []
        do throws(ImportFault) {
            for row in try rows(in: bytes) {
                if file == nil {
                    file = try open(row)
                } else {
                    read(row, into: &lines)
                }
            }
            if bytes == nil, file == nil { throw ImportFault(line: 1, "has no header") }
        } catch {
            // Without its form or its header nothing behind this place can be read.
            isUnreadable = true
            faults.append(error)
        }
        return lines
    }

    private mutating func rows(in bytes: ArraySlice<UInt8>?) throws(ImportFault) -> [CSVRow] {
        do throws(CSVFault) {
            return if let bytes { try reader.rows(in: bytes) } else { try reader.finish() }
        } catch {
            throw ImportFault(error)
        }
    }

    private mutating func read(_ row: CSVRow, into lines: inout [File.Line]) {
        do throws(ImportFault) {
            if let line = try file?.line(row) { lines.append(line) }
        } catch {
            faults.append(error)
        }
    }
}
