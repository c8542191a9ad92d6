import BigInt
import ExactTypes

/// Arithmetic on whole numbers of any size, by a library that has nothing in common with what is tested.
enum Reference {
    /// 10^38, which the units of a decimal do not reach.
    static let limit = power(38)

    static func power(_ exponent: Int) -> BigInt { BigInt(10).power(exponent) }

    /// The quotient, and of two that are equally near the even one.
    static func halfEven(_ dividend: BigInt, _ divisor: BigInt) -> BigInt {
        let (quotient, remainder) = dividend.magnitude.quotientAndRemainder(dividingBy: divisor.magnitude)
        let isUp =
            remainder * 2 > divisor.magnitude
            || (remainder * 2 == divisor.magnitude && !quotient.isMultiple(of: 2))
        let magnitude = BigInt(isUp ? quotient + 1 : quotient)
        return (dividend < 0) == (divisor < 0) ? magnitude : -magnitude
    }

    /// The units of a decimal, or nil where they lie outside its range.
    static func inRange(_ units: BigInt) -> BigInt? { units.magnitude < limit.magnitude ? units : nil }
}

extension FixedDecimal {
    var exact: BigInt { BigInt(units) }
}

extension ExchangeRate {
    var exact: BigInt { BigInt(units) }
}
