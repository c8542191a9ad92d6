/// How much experience a level takes.
///
/// Level n begins at 50 · n · (n − 1) points: 0, 100, 300, 600, 1,000 … so each level takes 100 points more
/// than the one before. All of it is integer arithmetic.
enum LevelCurve {
    /// The points at which a level begins.
    static func experience(at level: Int) -> Int { 50 * level * (level - 1) }

    /// The level of so many points; 1 for none.
    static func level(at experience: Int) -> Int {
        // n(n − 1)/2 is whole, so hundreds that are not full count for nothing. The root begins from a
        // Double, whose last digit may be off, and is set right.
        let hundreds = max(experience, 0) / 100
        var level = (1 + Int((1 + 8 * Double(hundreds)).squareRoot())) / 2
        while self.experience(at: level + 1) <= experience { level += 1 }
        while level > 1, self.experience(at: level) > experience { level -= 1 }
        return level
    }
}
