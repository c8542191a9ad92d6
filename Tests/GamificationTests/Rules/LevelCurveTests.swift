import Testing

@testable import Gamification

@Suite struct LevelCurveTests {
    @Test func levelsBeginWhereTheFormulaSays() {
        #expect((1...6).map(LevelCurve.experience(at:)) == [0, 100, 300, 600, 1_000, 1_500])
        #expect([0, 99, 100, 299, 300, 599, 600].map(LevelCurve.level(at:)) == [1, 1, 2, 2, 3, 3, 4])
    }

    @Test func aLevelNeverFallsAndIsExactAtEachBound() {
        for level in 1...20_000 {
            let begin = LevelCurve.experience(at: level)
            #expect(LevelCurve.level(at: begin) == level)
            if level > 1 { #expect(LevelCurve.level(at: begin - 1) == level - 1) }
        }
        var before = 1
        for experience in stride(from: 0, to: 5_000_000, by: 37) {
            let level = LevelCurve.level(at: experience)
            #expect(level >= before)
            before = level
        }
        #expect(LevelCurve.level(at: 1 << 53) > before && LevelCurve.level(at: -5) == 1)
    }
}
