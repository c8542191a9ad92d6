import Foundation

/// A file that is read piece by piece, on a queue of its own because reading blocks.
final class FilePieces: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private static let pieceBytes = 1_048_576

    private let path: String
    private let descriptor: Int32
    private let queue = DispatchQueue(label: "market-service.file")

    init(path: String) throws(Failure) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure(path) }
    }

    deinit { close(descriptor) }

    /// The next piece, or nil at the end of the file.
    func next() async throws -> [UInt8]? {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try self.read() }) }
        }
    }

    private func read() throws -> [UInt8]? {
        var count = 0
        let piece = [UInt8](unsafeUninitializedCapacity: Self.pieceBytes) { buffer, initializedCount in
            repeat {
                count = Foundation.read(descriptor, buffer.baseAddress, Self.pieceBytes)
            } while count < 0 && errno == EINTR
            initializedCount = max(count, 0)
        }
        guard count >= 0 else { throw Self.failure(path) }
        return piece.isEmpty ? nil : piece
    }

    private static func failure(_ path: String) -> Failure {
        Failure(description: "\(path) cannot be read: \(String(cString: strerror(errno))).")
    }
}
