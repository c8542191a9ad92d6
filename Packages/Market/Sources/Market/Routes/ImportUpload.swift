import ContractKit
import Hummingbird
import NIOCore
import ServiceKit
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

    /// Reads the body; throws 415 where it is no `text/csv`, and 413 where it is too large. A file of this size
    /// takes longer than other requests may, and so it is given five minutes.
    static func read(_ request: Request, _ context: ServiceContext) async throws -> ImportUpload {
        context.allow(.seconds(300))
        return ImportUpload(
            bytes: try await request.bytes(context, limit: maximumBytes, contentTypes: ["text/csv"]))
    }
}

extension StatedFormat {
    /// What the parameters of an import say of how its file writes figures and days.
    init(_ query: Fields) throws(Problem) {
        self.init(
            decimalMark: try query.optionalEnumeration("decimal_mark", FigureFormat.DecimalMark.self),
            dayOrder: try query.optionalEnumeration("day_order", DayOrder.self))
    }
}
