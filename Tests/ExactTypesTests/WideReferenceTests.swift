import Testing

/// The reference is code too: a few products and quotients that anyone can work out by hand.
@Suite struct WideReferenceTests {
    static func powerOfTen(_ exponent: Int) -> UInt128 {
        (0..<exponent).reduce(1) { power, _ in power * 10 }
    }

    @Test(arguments: [
        (7, 6, 4, "10"), (5, 1, 2, "2"), (7, 1, 2, "4"), (0, 9, 5, "0"), (999, 1, 10, "100"), (1, 1, 3, "0"),
        (123, 456, 1, "56088"), (199, 1, 2, "100"),
    ])
    func agreesWithTheHand(left: UInt128, right: UInt128, divisor: UInt128, expected: String) {
        #expect(WideReference(left).multiplied(by: right).dividedHalfEven(by: divisor) == expected)
    }
}
