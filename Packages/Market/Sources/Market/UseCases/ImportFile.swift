import ExactTypes
import TabularText

/// A file that is imported: it is read twice, once to see how it writes figures and days, and once to take
/// them.
public struct ImportedFile {
    /// Begins to read the file from its start; gives its bytes piece by piece, and nil at its end.
    let open: () throws -> () async throws -> [UInt8]?

    public init(open: @escaping () throws -> () async throws -> [UInt8]?) { self.open = open }
}

/// What became of some lines of a file.
struct WrittenLines {
    var inserted = 0
    var updated = 0
    var instrumentsCreated = 0
    /// What only the database could know; then nothing of these lines was written.
    var faults: [RowFault] = []
}

/// The bytes that are read into rows and written at once: some thousand rows.
private let pieceBytes = 131_072
/// How many faults of one file are reported; after so many, reading ends.
private let maximumFaults = 20

/// Sees how a file writes its figures and days; throws what its sender has to say of it.
///
/// A file that cannot be read so far decides nothing: the reader that follows finds the same fault, and
/// reports it.
func surveyFile<File: ImportedRows>(
    _ file: ImportedFile, stated: StatedFormat, open: (CSVRow) throws(RowFault) -> File
) async throws -> TabularFormat {
    var reader = CSVReader()
    var survey = FormatSurvey(stated)
    var header: File?
    let nextPiece = try file.open()
    do {
        var isAtEnd = false
        while !isAtEnd {
            let piece = try await nextPiece()
            isAtEnd = piece == nil
            var rest = (piece ?? [])[...]
            repeat {
                let rows = isAtEnd ? try reader.finish() : try reader.rows(in: rest.prefix(pieceBytes))
                rest = rest.dropFirst(pieceBytes)
                for row in rows {
                    if let header { header.survey(row, into: &survey) } else { header = try open(row) }
                }
            } while !rest.isEmpty
        }
    } catch is RowFault {
        return .plain
    }
    do {
        return try survey.format(separator: reader.separator)
    } catch {
        throw MarketError.faultyFile(error.faults)
    }
}

/// Reads a file piece by piece and writes its lines piece by piece, inside of the caller's transaction.
///
/// After the first fault nothing more is written, but the file is read on until its end or until so many
/// faults as are reported, so that a person can mend them in one go. Then it throws, and the caller's
/// transaction rolls back.
func importFile<File: ImportedRows>(
    _ file: ImportedFile, in format: TabularFormat, open: @escaping (CSVRow) throws(RowFault) -> File,
    write: ([File.Line]) async throws -> WrittenLines,
    progress: (ImportProgress) -> Void
) async throws -> ImportSummary {
    var reading = FileReading(format: format, open: open)
    var state = ImportProgress()
    var instrumentsCreated = 0
    var isAtEnd = false
    let nextPiece = try file.open()
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
            if reading.isOver { throw MarketError.faultyFile(Array(reading.faults.prefix(maximumFaults))) }
        } while !rest.isEmpty
    }
    guard let rows = reading.file, reading.faults.isEmpty else {
        throw MarketError.faultyFile(reading.faults)
    }
    return ImportSummary(
        read: state.read, inserted: state.inserted, updated: state.updated,
        unchanged: state.read - state.inserted - state.updated, rounded: rows.roundedCount,
        instrumentsCreated: instrumentsCreated, ignoredColumns: rows.ignoredColumns)
}

/// The file on its way from bytes to lines, with the faults that were met.
private struct FileReading<File: ImportedRows> {
    let format: TabularFormat
    let open: (CSVRow) throws(RowFault) -> File
    private(set) var file: File?
    var faults: [RowFault] = []
    private var reader = CSVReader()
    private var isUnreadable = false

    /// Whether reading on would find nothing more to report.
    var isOver: Bool { isUnreadable || faults.count >= maximumFaults }

    init(format: TabularFormat, open: @escaping (CSVRow) throws(RowFault) -> File) {
        self.format = format
        self.open = open
    }

    /// The lines that end within the bytes, or with nil the last one. A row at fault adds to the faults.
    mutating func lines(in bytes: ArraySlice<UInt8>?) -> [File.Line] {
        var lines: [File.Line] = []
        do throws(RowFault) {
            for row in try rows(in: bytes) {
                if file == nil {
                    file = try open(row)
                } else {
                    read(row, into: &lines)
                }
            }
            if bytes == nil, file == nil { throw RowFault("The file has no header") }
        } catch {
            // Without its form or its header nothing behind this place can be read.
            isUnreadable = true
            faults.append(error)
        }
        return lines
    }

    private mutating func rows(in bytes: ArraySlice<UInt8>?) throws(RowFault) -> [CSVRow] {
        if let bytes { try reader.rows(in: bytes) } else { try reader.finish() }
    }

    private mutating func read(_ row: CSVRow, into lines: inout [File.Line]) {
        let format = format
        do throws(RowFault) {
            if let line = try file?.line(row, format) { lines.append(line) }
        } catch {
            faults.append(error)
        }
    }
}
