/// Whole numbers as decimal digits, multiplied and divided as at school: slow, plain, and nothing in common with
/// the arithmetic under test.
struct WideReference {
    /// Digits, the most significant first.
    private var digits: [Int]

    init(_ value: UInt128) { digits = String(value).compactMap(\.wholeNumberValue) }

    func multiplied(by factor: UInt128) -> WideReference {
        let right = WideReference(factor).digits
        var result = [Int](repeating: 0, count: digits.count + right.count)
        for (i, left) in digits.enumerated() {
            for (j, right) in right.enumerated() { result[i + j + 1] += left * right }
        }
        for place in result.indices.dropFirst().reversed() {
            result[place - 1] += result[place] / 10
            result[place] %= 10
        }
        var product = self
        product.digits = result
        return product
    }

    /// The quotient rounded half to even, in digits without leading zeros. The divisor is below 10^37.
    func dividedHalfEven(by divisor: UInt128) -> String {
        var remainder: UInt128 = 0
        var quotient: [Int] = []
        for digit in digits {
            remainder = remainder * 10 + UInt128(digit)
            quotient.append(Int(remainder / divisor))
            remainder %= divisor
        }
        let isOdd = (quotient.last ?? 0) % 2 == 1
        if remainder * 2 > divisor || (remainder * 2 == divisor && isOdd) {
            var place = quotient.count - 1
            while place >= 0, quotient[place] == 9 {
                quotient[place] = 0
                place -= 1
            }
            if place >= 0 { quotient[place] += 1 } else { quotient.insert(1, at: 0) }
        }
        let text = quotient.drop { $0 == 0 }.map(String.init).joined()
        return text.isEmpty ? "0" : text
    }
}
