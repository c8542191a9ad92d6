import Testing
import TextReaders

extension TextReader: CustomTestStringConvertible {
    public var testDescription: String { name }
}

/// No text ends the process: each reader accepts or refuses whatever it is given. A trap fails the whole run.
@Suite struct TextReaderTests {
    /// What has ended programs: digits that are no ASCII digits, marks that join, halves of characters, NUL.
    private static let hostile: [[UInt8]] =
        [
            "²", "½", "٣", "𝟡", "0\u{301}", "e\u{301}", "\u{200D}", "\u{FEFF}", "K", "\r\n", "\0", "👨‍👩‍👧",
            "\u{2028}",
        ]
        .map { Array($0.utf8) }
        // A lone surrogate, an overlong NUL, a byte that begins nothing, a character that is cut off.
        + [[0xED, 0xA0, 0x80], [0xC0, 0x80], [0xFF], [0xE2, 0x82]]

    private static let ascii = Array(#" -+.,:;/\"'{}[]eE0159aTZ%&=@<>_"#.utf8).map { [$0] }

    @Test func thereIsOneForEachNameAndNoneTwice() {
        #expect(Set(TextReader.all.map(\.name)).count == TextReader.all.count)
        #expect(TextReader.all.count >= 40)
    }

    @Test(arguments: TextReader.all)
    func acceptsItsSamples(reader: TextReader) {
        #expect(!reader.samples.isEmpty)
        for sample in reader.samples { #expect(reader.accepts(Array(sample.utf8)), "\(sample)") }
    }

    /// Texts of every length from nothing to 80 bytes, of one piece repeated and cut to the byte.
    @Test(arguments: TextReader.all)
    func survivesEveryLength(reader: TextReader) {
        for piece in Self.hostile + Self.ascii {
            for length in 0...80 {
                _ = reader.accepts(Array((0..<length).map { piece[$0 % piece.count] }))
            }
        }
    }

    /// Each place of a good text overwritten with something hostile, and with it put between.
    @Test(arguments: TextReader.all)
    func survivesAFaultAtEveryPlace(reader: TextReader) {
        for sample in reader.samples.map({ Array($0.utf8) }) {
            for place in sample.indices {
                for piece in Self.hostile + Self.ascii {
                    let rest = sample.dropFirst(place + piece.count)
                    _ = reader.accepts(sample[..<place] + piece + rest)
                    _ = reader.accepts(sample[..<place] + piece + sample[place...])
                }
                _ = reader.accepts(Array(sample[..<place]))
            }
        }
    }

    /// A text that is far longer than anything a person writes: alone, and in the middle of a good one.
    @Test(arguments: TextReader.all)
    func survivesTheHuge(reader: TextReader) {
        for piece in ["9", "(", "[", "{\"a\":", "\"", "\n", ",", "a@", "0\u{301}", "%41"].map({
            Array($0.utf8)
        }) {
            let huge = Array(repeatElement(piece, count: 20_000).joined())
            _ = reader.accepts(huge)
            for sample in reader.samples.map({ Array($0.utf8) }) {
                let middle = sample.count / 2
                _ = reader.accepts(sample[..<middle] + huge + sample[middle...])
            }
        }
    }

    /// Several faults at once, at random from a fixed seed.
    @Test(arguments: TextReader.all)
    func survivesManyFaults(reader: TextReader) {
        var generator = SplitMix(state: 70_717)
        for sample in reader.samples.map({ Array($0.utf8) }) {
            for _ in 0..<2_000 {
                var bytes = sample
                for _ in 0...Int.random(in: 0...4, using: &generator) {
                    let place = Int.random(in: 0...bytes.count, using: &generator)
                    let end = min(bytes.count, place + Int.random(in: 0...3, using: &generator))
                    let piece = (Self.hostile + Self.ascii).randomElement(using: &generator) ?? []
                    bytes.replaceSubrange(place..<end, with: piece)
                }
                _ = reader.accepts(bytes)
            }
        }
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014), so that a seed gives the same faults everywhere.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
