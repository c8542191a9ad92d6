/// An Int128 as two words, with their alignment of 8 bytes.
///
/// Int128 itself is aligned to 16 bytes, and so is each structure that holds one. With Swift 6.3 on Linux the process
/// jumps to address 0 where a generic async function returns such a structure, as a transaction returns a row.
struct Int128Words: Sendable, Hashable {
    private let upper: Int64
    private let lower: UInt64

    init(_ value: Int128) {
        upper = Int64(truncatingIfNeeded: value >> 64)
        lower = UInt64(truncatingIfNeeded: value)
    }

    var value: Int128 { Int128(upper) << 64 | Int128(lower) }
}
