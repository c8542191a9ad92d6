import Foundation

extension UUID {
    /// A UUID of version 7 (RFC 9562, section 5.7): the Unix time in milliseconds in 48 bits, then 74 random
    /// bits, so that identifiers of one millisecond do not collide, and nobody guesses one from another.
    ///
    /// A moment that 48 bits cannot hold (before 1970, after the year 10889) counts as the nearest that they can.
    public static func version7(at moment: Date) -> UUID {
        let milliseconds = (moment.timeIntervalSince1970 * 1_000).rounded(.down)
        // The bound stands first, because `max` keeps its first argument where the second is NaN.
        let time = UInt64(min(max(0, milliseconds), 281_474_976_710_655))
        var generator = SystemRandomNumberGenerator()
        let version: UInt64 = 0x7 << 12
        let variant: UInt64 = 0b10 << 62
        let high = time << 16 | version | generator.next() >> 52
        let low = variant | generator.next() >> 2
        var bytes: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        withUnsafeMutableBytes(of: &bytes) { bytes in
            bytes.storeBytes(of: high.bigEndian, toByteOffset: 0, as: UInt64.self)
            bytes.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
        return UUID(uuid: bytes)
    }
}
