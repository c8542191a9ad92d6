import MarketContract
import NIOCore
import StrictJSON
import TabularText

/// The file in the body of an import.
struct ImportUpload {
    /// What a body may hold; longer files go by the command line, which reads them piece by piece.
    static let maximumBytes = 33_554_432

    let bytes: ByteBuffer

    /// The whole file as one piece.
    var file: ImportedFile {
        ImportedFile {
            var pieces = [Array(bytes.readableBytesView)]
            return { pieces.popLast() }
        }
    }
}

extension StatedFormat {
    /// What the parameters of an import say of how its file writes figures and days.
    init(_ mark: MarketAPI.DecimalMark?, _ order: MarketAPI.DayOrder?) {
        let decimalMark: FigureFormat.DecimalMark? =
            switch mark {
            case .point: .point
            case .comma: .comma
            case nil: nil
            }
        let dayOrder: DayOrder? =
            switch order {
            case .dmy: .dayMonthYear
            case .mdy: .monthDayYear
            case .ymd: .yearMonthDay
            case nil: nil
            }
        self.init(decimalMark: decimalMark, dayOrder: dayOrder)
    }
}

extension MarketAPI.ImportSummary {
    /// What an import did.
    init(_ summary: ImportSummary) {
        self.init(
            read: summary.read, inserted: summary.inserted, updated: summary.updated,
            unchanged: summary.unchanged, rounded: summary.rounded,
            instrumentsCreated: summary.instrumentsCreated, ignoredColumns: summary.ignoredColumns)
    }
}

extension ImportSummary {
    /// The summary as JSON, as the contract shows it.
    public var json: String { String(decoding: MarketAPI.ImportSummary(self).json, as: UTF8.self) }
}
