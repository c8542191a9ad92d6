import Foundation
import Testing

@testable import Users

@Suite struct SessionLimitTests {
    private let beginning = Date(timeIntervalSince1970: 0)

    @Test(
        arguments: [
            (0, 0, nil), (59, 0, nil), (60, 0, 300), (60, 299, 1), (60, 300, nil), (61, 300, 300),
            (71, 0, 3_600),
            (72, 3_600, 300), (72, 7_200, nil), (2_000_000_000, 0, 599_999_982_300),
        ] as [(Int, TimeInterval, TimeInterval?)])
    func sixtyAtOnceAndTwelveAnHour(refreshes: Int, age: TimeInterval, wait: TimeInterval?) {
        let found = SessionLimit.wait(afterRefreshes: refreshes, since: beginning, at: beginning + age)
        #expect(found?.rounded() == wait)
    }
}
