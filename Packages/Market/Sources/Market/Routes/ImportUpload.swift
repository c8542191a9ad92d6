import Hummingbird
import NIOCore
import ServiceKit

/// The file in the body of an import.
struct ImportUpload {
    /// What a body may hold; longer files go by the command line, which reads them piece by piece.
    static let maximumBytes = 33_554_432

    let bytes: ByteBuffer

    /// The whole file as one piece, for `popLast()`.
    var pieces: [[UInt8]] { [Array(bytes.readableBytesView)] }

    /// Reads the body; throws 415 where it is no `text/csv`, and 413 where it is too large. A file of this size
    /// takes longer than other requests may, and so it is given five minutes.
    static func read(_ request: Request, _ context: ServiceContext) async throws -> ImportUpload {
        context.allow(.seconds(300))
        return ImportUpload(
            bytes: try await request.bytes(context, limit: maximumBytes, contentTypes: ["text/csv"]))
    }
}
