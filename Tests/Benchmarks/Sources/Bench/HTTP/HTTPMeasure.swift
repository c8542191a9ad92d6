import ArgumentParser

/// What is asked for again and again.
enum HTTPMeasure: String, CaseIterable, Codable, Sendable, ExpressibleByArgument {
    /// The ten holdings of a portfolio.
    case holdings
    /// A page of fifty transactions.
    case transactions
    /// A portfolio of ten holdings is valued, from its fifty transactions.
    case valuation
    /// A purchase is posted.
    case purchase
    /// Messages reach users who listen, each by an event stream.
    case stream
}

/// What one contender answered in one round, as `load.lua` prints it.
struct HTTPMeasurement: Codable, Sendable {
    let operations: Int
    let seconds: Double
    let failures: Int
    let p50Microseconds: Double
    let p99Microseconds: Double

    var perSecond: Double { Double(operations) / seconds }
}
