extension UInt128 {
    /// Divides, rounding to the nearest integer, and a tie to the even one.
    func dividedHalfEven(by divisor: UInt128) -> UInt128 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return quotient.roundedUp(remainder: remainder, divisor: divisor)
    }

    /// `self × factor ÷ divisor` with the product kept to 256 bits and one rounding, half to even.
    ///
    /// The answer is nil where the quotient does not fit 128 bits.
    func multipliedHalfEven(by factor: UInt128, over divisor: UInt128) -> UInt128? {
        let product = multipliedFullWidth(by: factor)
        // Most amounts are small enough that the product fits, and the plain division is several times faster.
        guard product.high != 0 else { return product.low.dividedHalfEven(by: divisor) }
        // The standard library traps where the quotient is too large, which is so exactly from here on.
        guard product.high < divisor else { return nil }
        let (quotient, remainder) = divisor.dividingFullWidth(product)
        return quotient.roundedUp(remainder: remainder, divisor: divisor)
    }

    /// One more where the remainder is above half of the divisor, or is half of it and `self` is odd.
    fileprivate func roundedUp(remainder: UInt128, divisor: UInt128) -> UInt128 {
        // The remainder is compared with what is left to the divisor, because doubling it might overflow.
        let rest = divisor - remainder
        let isUp = remainder > rest || (remainder == rest && !isMultiple(of: 2))
        return isUp ? self + 1 : self
    }
}

extension Int128 {
    /// Divides, rounding to the nearest integer, and a tie to the even one. The divisor is not zero.
    func dividedHalfEven(by divisor: Int128) -> Int128 {
        let quotient = Int128(magnitude.dividedHalfEven(by: divisor.magnitude))
        return (self < 0) == (divisor < 0) ? quotient : -quotient
    }
}

/// A product of 256 bits, without a sign.
struct WideProduct: Sendable, Hashable, Comparable {
    let high: UInt128
    let low: UInt128

    init(_ left: UInt128, _ right: UInt128) {
        (high, low) = left.multipliedFullWidth(by: right)
    }

    static func < (left: WideProduct, right: WideProduct) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }

    /// `self × factor ÷ divisor` with the product kept to 384 bits and one rounding, half to even; nil where the
    /// quotient does not fit 128 bits.
    func multipliedHalfEven(by factor: UInt128, over divisor: UInt128) -> UInt128? {
        let lower = low.multipliedFullWidth(by: factor)
        let upper = high.multipliedFullWidth(by: factor)
        let (middle, carry) = lower.high.addingReportingOverflow(upper.low)
        // A high half of a product is below its type's largest value, so one more fits.
        let top = upper.high + (carry ? 1 : 0)
        // The division goes digit by digit, as at school, with digits of 128 bits; the first two digits of the
        // quotient must be zero.
        guard top == 0, middle < divisor else { return nil }
        let (quotient, remainder) = divisor.dividingFullWidth((middle, lower.low))
        return quotient.roundedUp(remainder: remainder, divisor: divisor)
    }
}
