import ArgumentParser
import DatabaseClient
import Foundation
import Market
import ServiceCommands
import ServiceKit
import TabularText

/// What the two imports by command share: the file, the form of the answer, progress and exit codes.
struct FileImport: ParsableArguments {
    @Argument(help: "The CSV file.", completion: .file(extensions: ["csv"]))
    var file: String

    @Option(help: "What stands before decimals in the file, where it leaves that open: comma or point.")
    var decimalMark: FigureFormat.DecimalMark?

    @Option(help: "The order of a day's numbers, where the file leaves that open: dmy, mdy or ymd.")
    var dayOrder: DayOrder?

    @Flag(help: "Write the summary as JSON.")
    var json = false

    /// What the options say of how the file writes figures and days.
    var stated: StatedFormat { StatedFormat(decimalMark: decimalMark, dayOrder: dayOrder) }

    /// Runs an import on the service's own database. Progress and faults go to the standard error and the summary to
    /// the standard output. Ends with 65 where the file is refused, 66 where it cannot be read and 69 where the
    /// database cannot be reached (sysexits).
    func run(
        _ work: (MarketModule, ImportedFile, ProgressLines) async throws -> ImportSummary
    ) async throws {
        do {
            // A file that cannot be read is refused before the database is asked for.
            _ = try FilePieces(path: file)
            let summary = try await MarketModule.withDatabase { database in
                let imported = ImportedFile { try FilePieces(path: file).next }
                return try await work(MarketModule(database: database), imported, ProgressLines())
            }
            print(json ? summary.json : Self.text(summary))
        } catch {
            throw Self.exit(error)
        }
    }

    private static func exit(_ error: any Error) -> any Error {
        switch error {
        case is any ProblemConvertible:
            writeToStandardError("Nothing was imported.\n\(error)")
            return ExitCode(65)
        case is FilePieces.Failure:
            writeToStandardError("\(error)")
            return ExitCode(66)
        case let error as DatabaseError:
            writeToStandardError("\(error)")
            return ExitCode(69)
        default:
            return error
        }
    }

    private static func text(_ summary: ImportSummary) -> String {
        var lines = [
            "\(summary.read) rows: \(summary.inserted) new, \(summary.updated) revised, "
                + "\(summary.unchanged) unchanged."
        ]
        if summary.instrumentsCreated > 0 { lines.append("Instruments made: \(summary.instrumentsCreated).") }
        if summary.rounded > 0 {
            lines.append("Figures rounded half to even, to the decimals that are stored: \(summary.rounded).")
        }
        if !summary.ignoredColumns.isEmpty {
            lines.append("Ignored columns: \(summary.ignoredColumns.joined(separator: ", ")).")
        }
        return lines.joined(separator: "\n")
    }
}

extension FigureFormat.DecimalMark: @retroactive ExpressibleByArgument {}
extension DayOrder: @retroactive ExpressibleByArgument {}

/// Tells the progress of a long import, a line a second.
final class ProgressLines {
    private let start = ContinuousClock.now
    private var lastLine = ContinuousClock.now

    func report(_ progress: ImportProgress) {
        let now = ContinuousClock.now
        guard now - lastLine >= .seconds(1) else { return }
        lastLine = now
        let seconds = (now - start) / .seconds(1)
        writeToStandardError(
            "\(progress.read) rows read, \(progress.inserted) new, \(progress.updated) revised; "
                + "\(Int(Double(progress.read) / seconds)) rows a second")
    }
}

func writeToStandardError(_ line: String) {
    FileHandle.standardError.write(Data("\(line)\n".utf8))
}
