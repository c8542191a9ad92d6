import ExactTypes
import Foundation
import Testing

@testable import Users

@Suite struct SigningKeyScheduleTests {
    private typealias Key = SigningKeySchedule.Key
    private let start = Date(timeIntervalSince1970: 1_800_000_000)

    private func key(activates: TimeInterval, retires: TimeInterval? = nil) -> Key {
        Key(
            id: .version7(at: start), activatesAt: start.addingTimeInterval(activates),
            retiresAt: retires.map(start.addingTimeInterval))
    }

    @Test func withoutAKeyTheFirstIsMade() {
        #expect(SigningKeySchedule.step(for: [], at: start) == .makeFirst)
    }

    @Test func theNextIsPublishedBeforeItSignsAndTheOldStaysForItsTokens() {
        let key = key(activates: 0)
        let due = start.addingTimeInterval(30 * 86_400 - 3_600)
        #expect(SigningKeySchedule.step(for: [key], at: due.addingTimeInterval(-1)) == .wait)
        let activation = due.addingTimeInterval(3_600)
        #expect(
            SigningKeySchedule.step(for: [key], at: due)
                == .makeNext(
                    activatesAt: activation, retiring: key.id, retiresAt: activation.addingTimeInterval(1_200)
                ))
    }

    @Test func theKeySignsThatBecameActiveLast() {
        let old = key(activates: 0, retires: 5_000)
        let new = key(activates: 3_600)
        #expect(SigningKeySchedule.signer(of: [old, new], at: start.addingTimeInterval(3_599)) == old.id)
        #expect(SigningKeySchedule.signer(of: [old, new], at: start.addingTimeInterval(3_600)) == new.id)
        #expect(SigningKeySchedule.step(for: [old, new], at: start.addingTimeInterval(3_600)) == .wait)
    }

    @Test func theFirstKeySignsAlsoByAClockThatIsBehind() {
        let (first, next) = (key(activates: 1), key(activates: 3_600))
        #expect(SigningKeySchedule.signer(of: [next, first], at: start) == first.id)
        #expect(SigningKeySchedule.signer(of: [], at: start) == nil)
    }
}
