/// What one contender did in one round, as each of them prints it.
struct Measurement: Codable, Sendable {
    let operations: Int
    let seconds: Double
    var p99Microseconds: Double?
    /// The most that the process had resident.
    var memoryKilobytes: Int?

    var perSecond: Double { Double(operations) / seconds }
}

extension [Double] {
    /// 0 for an empty list.
    var median: Double {
        guard !isEmpty else { return 0 }
        let sorted = sorted()
        let middle = count / 2
        return count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }
}
