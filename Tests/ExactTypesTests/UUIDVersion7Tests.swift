import ExactTypes
import Foundation
import Testing

private enum Kite: Entity {}

@Suite struct UUIDVersion7Tests {
    /// The example of RFC 9562, appendix A.6: Tuesday, 22 February 2022 2:22:22.00 PM GMT-05:00.
    @Test func beginsWithTheTimeOfTheStandardsExample() {
        let text = UUID.version7(at: Date(timeIntervalSince1970: 1_645_557_742)).uuidString.lowercased()
        #expect(text.hasPrefix("017f22e2-79b0-7"))
    }

    @Test func carriesVersionAndVariantAndMillisecond() {
        var generator = SeededGenerator(seed: 51)
        for _ in 0..<5_000 {
            let milliseconds = Int64.random(in: 0...4_102_444_800_000, using: &generator)
            let bytes = UUID.version7(at: Date(timeIntervalSince1970: Double(milliseconds) / 1_000)).uuid
            let time = [bytes.0, bytes.1, bytes.2, bytes.3, bytes.4, bytes.5].reduce(Int64(0)) {
                $0 << 8 | Int64($1)
            }
            #expect(abs(time - milliseconds) <= 1, "a Date holds the millisecond to a rounding")
            #expect(bytes.6 >> 4 == 7)
            #expect(bytes.8 >> 6 == 0b10)
        }
    }

    @Test func doesNotCollideWithinAMillisecond() {
        let moment = Date(timeIntervalSince1970: 1_700_000_000)
        let made = Set((0..<100_000).map { _ in Kite.ID.version7(at: moment) })
        #expect(made.count == 100_000)
    }

    @Test func everyRandomBitVaries() {
        let moment = Date(timeIntervalSince1970: 1_700_000_000)
        var ones = [UInt8](repeating: 0, count: 16)
        var zeros = [UInt8](repeating: 0, count: 16)
        for _ in 0..<200 {
            withUnsafeBytes(of: UUID.version7(at: moment).uuid) { bytes in
                for (index, byte) in bytes.enumerated() {
                    ones[index] |= byte
                    zeros[index] |= ~byte
                }
            }
        }
        let varying = zip(ones, zeros).reduce(0) { $0 + ($1.0 & $1.1).nonzeroBitCount }
        #expect(varying == 74)
    }

    @Test func ordersByTime() {
        let times = stride(from: 0.0, to: 4e9, by: 1e7).map(Date.init(timeIntervalSince1970:))
        let made = times.map(Kite.ID.version7(at:))
        #expect(made == made.sorted())
    }

    @Test(arguments: [-1.0, -1e300, .nan, -.infinity])
    func countsFromTheEpoch(seconds: Double) {
        let text = UUID.version7(at: Date(timeIntervalSince1970: seconds)).uuidString
        #expect(text.hasPrefix("00000000-0000-7"))
    }

    @Test(arguments: [1e300, .infinity])
    func endsWithThe48thBit(seconds: Double) {
        let text = UUID.version7(at: Date(timeIntervalSince1970: seconds)).uuidString
        #expect(text.hasPrefix("FFFFFFFF-FFFF-7"))
    }
}
