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
        // The standard library traps where the quotient is too large, which is so exactly from here on.
        guard product.high < divisor else { return nil }
        let (quotient, remainder) = divisor.dividingFullWidth(product)
        return quotient.roundedUp(remainder: remainder, divisor: divisor)
    }

    /// One more where the remainder is above half of the divisor, or is half of it and `self` is odd.
    private func roundedUp(remainder: UInt128, divisor: UInt128) -> UInt128 {
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
