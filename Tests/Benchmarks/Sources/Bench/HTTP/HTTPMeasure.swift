import ArgumentParser

/// What is asked for again and again.
enum HTTPMeasure: String, CaseIterable, Codable, Sendable, ExpressibleByArgument {
    /// The ten holdings of a portfolio.
    case holdings
    /// A page of fifty transactions.
    case transactions
    /// A purchase is posted.
    case purchase
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
