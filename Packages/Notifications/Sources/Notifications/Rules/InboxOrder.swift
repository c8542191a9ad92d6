import ExactTypes
import Foundation
import SharedTypes

extension Identifier<Notification> {
    /// This id, or where the latest of the inbox is not below it, the one that follows the latest: two messages of one
    /// millisecond, or of two machines whose clocks differ, still stand in the order in which they came.
    func following(_ latest: Self?) -> Self {
        guard let latest, latest >= self else { return self }
        var bytes = withUnsafeBytes(of: latest.uuid.uuid, Array.init)
        // The last byte that is not the greatest goes up by one; those behind it begin again.
        let tail = bytes.reversed().prefix { $0 == .max }.count
        bytes =
            bytes.dropLast(tail + 1) + bytes.dropLast(tail).suffix(1).map { $0 &+ 1 }
            + [UInt8](repeating: 0, count: tail)
        return Self(bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) })
    }
}
