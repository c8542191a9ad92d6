import ExactTypes

/// How the bytes of a file are characters.
enum TextEncoding: Equatable {
    /// UTF-8, or where a field is none, Windows-1252, of which Latin-1 is a part.
    case bytes
    case utf16LittleEndian
    case utf16BigEndian

    /// So many bytes at the beginning are looked at.
    static let startBytes = 64

    /// The encoding by the file's first bytes, and how many of them are a byte order mark.
    ///
    /// UTF-16 without a mark is certain where every zero byte stands in the same half of its pair and at
    /// least half of the pairs have one: in no other encoding does a text have zero bytes.
    static func of(start: [UInt8]) -> (encoding: TextEncoding, markBytes: Int) {
        if start.starts(with: [0xEF, 0xBB, 0xBF]) { return (.bytes, 3) }
        if start.starts(with: [0xFF, 0xFE]) { return (.utf16LittleEndian, 2) }
        if start.starts(with: [0xFE, 0xFF]) { return (.utf16BigEndian, 2) }
        var zeros = (even: 0, odd: 0)
        for (place, byte) in start.enumerated() where byte == 0 {
            if place.isMultiple(of: 2) { zeros.even += 1 } else { zeros.odd += 1 }
        }
        let pairs = start.count / 2
        if zeros.even == 0, zeros.odd > 0, zeros.odd * 2 >= pairs { return (.utf16LittleEndian, 0) }
        if zeros.odd == 0, zeros.even > 0, zeros.even * 2 >= pairs { return (.utf16BigEndian, 0) }
        return (.bytes, 0)
    }
}

/// Turns UTF-16 into UTF-8, piece by piece.
struct UTF16Reader {
    private let isLittleEndian: Bool
    private var firstByte: UInt8?
    private var highSurrogate: UInt16?

    init(isLittleEndian: Bool) { self.isLittleEndian = isLittleEndian }

    /// Whether the file may end here.
    var isComplete: Bool { firstByte == nil && highSurrogate == nil }

    /// The characters that end within the piece, in UTF-8; nil where it is no UTF-16.
    mutating func utf8(of piece: ArraySlice<UInt8>) -> [UInt8]? {
        var utf8: [UInt8] = []
        utf8.reserveCapacity(piece.count)
        for byte in piece {
            guard let first = firstByte else {
                firstByte = byte
                continue
            }
            firstByte = nil
            let (high, low) = isLittleEndian ? (byte, first) : (first, byte)
            let unit = UInt16(high) << 8 | UInt16(low)
            if let lead = highSurrogate {
                guard UTF16.isTrailSurrogate(unit) else { return nil }
                highSurrogate = nil
                // Ten bits of each half, above the plane that one unit reaches.
                let value = 0x10000 + (UInt32(lead & 0x3FF) << 10 | UInt32(unit & 0x3FF))
                guard let scalar = Unicode.Scalar(value) else { return nil }
                utf8.append(contentsOf: UTF8.encode(scalar) ?? .init())
            } else if UTF16.isLeadSurrogate(unit) {
                highSurrogate = unit
            } else {
                guard let scalar = Unicode.Scalar(unit) else { return nil }
                utf8.append(contentsOf: UTF8.encode(scalar) ?? .init())
            }
        }
        return utf8
    }
}

/// Windows-1252, the encoding of western European files that are no UTF-8.
enum Windows1252 {
    /// The text; nil where a byte stands for no character.
    static func text(_ bytes: [UInt8]) -> String? {
        var text = ""
        for byte in bytes {
            // From A0 on, as below 80, a byte is its own code point.
            guard (0x80...0x9F).contains(byte) else {
                text.unicodeScalars.append(Unicode.Scalar(byte))
                continue
            }
            guard let scalar = high.dropFirst(Int(byte) - 0x80).first, scalar != "\0" else { return nil }
            text.unicodeScalars.append(scalar)
        }
        return text
    }

    /// From 80 to 9F; NUL stands for the five that are not assigned.
    private static let high = Array(
        "€\0‚ƒ„…†‡ˆ‰Š‹Œ\0Ž\0\0‘’“”•–—˜™š›œ\0žŸ".unicodeScalars)
}
