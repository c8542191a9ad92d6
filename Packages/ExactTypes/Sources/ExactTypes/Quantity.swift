/// How much of an instrument is held, bought or sold, in its own units: shares, coins, ounces.
public typealias Quantity = FixedDecimal
