import Foundation

/// All rounds of `bench events`, and what follows from them.
struct EventsReport: Encodable {
    enum Measure: String, Encodable {
        case appended = "appended/s"
        case handled = "handled/s"
        case sustained = "sustained/s"
        case p50 = "p50 ms"
        case p99 = "p99 ms"
    }

    struct Series: Encodable {
        let measure: Measure
        let contender: String
        /// How many consumers, which rate, or how long a log.
        let setting: String
        var rounds: [Double] = []

        var median: Double { rounds.median }
    }

    private(set) var series: [Series] = []
    /// How the next events are found, by the length of the log.
    var plans: [Int: [EventsDatabase.Plan]] = [:]

    mutating func add(_ value: Double, _ measure: Measure, _ contender: String, _ setting: String) {
        let index = series.firstIndex {
            ($0.measure, $0.contender, $0.setting) == (measure, contender, setting)
        }
        if index == nil { series.append(Series(measure: measure, contender: contender, setting: setting)) }
        series[index ?? series.count - 1].rounds.append(value)
    }

    func find(_ measure: Measure, _ contender: String, _ setting: String) -> Series? {
        series.first { ($0.measure, $0.contender, $0.setting) == (measure, contender, setting) }
    }

    /// The median over the rounds of one's value over the other's.
    private func ratio(_ one: Series?, over other: Series?) -> Double {
        zip(one?.rounds ?? [], other?.rounds ?? []).map { $0 / $1 }.median
    }

    // MARK: - Tables in Markdown

    var tables: String {
        [throughputTable, writersTable, latencyTable, lengthTable].filter { $0.count > 2 }
            .map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
    }

    private let log = EventsContender.log.rawValue

    private var throughputTable: [String] {
        var lines = ["| consumers | contender | handled/s | EventLog over it |", "|---|---|---|---|"]
        for consumers in Consumers.allCases {
            for contender in EventsContender.allCases {
                guard let one = find(.handled, contender.rawValue, consumers.rawValue) else { continue }
                let ours = find(.handled, log, consumers.rawValue)
                lines.append(
                    "| \(consumers.rawValue) | \(contender.rawValue) | \(number(one.median, 0)) "
                        + "| \(contender == .log ? "" : number(ratio(ours, over: one), 2)) |")
            }
        }
        return lines
    }

    private var writersTable: [String] {
        var lines = ["| 16 writers | contender | events/s | EventLog over it |", "|---|---|---|---|"]
        for (measure, setting) in [
            (Measure.appended, Self.alone), (.sustained, EventsCommand.atOnce),
        ] {
            for contender in EventsContender.allCases {
                guard let one = find(measure, contender.rawValue, setting) else { continue }
                let ours = find(measure, log, setting)
                lines.append(
                    "| \(setting) | \(contender.rawValue) | \(number(one.median, 0)) "
                        + "| \(contender == .log ? "" : number(ratio(ours, over: one), 2)) |")
            }
        }
        return lines
    }

    static let alone = "writers alone"

    private var latencyTable: [String] {
        var lines = ["| rate | contender | p50 ms | p99 ms |", "|---|---|---|---|"]
        for p50 in series where p50.measure == .p50 {
            let p99 = find(.p99, p50.contender, p50.setting)
            lines.append(
                "| \(p50.setting) | \(p50.contender) | \(number(p50.median, 1)) "
                    + "| \(number(p99?.median ?? 0, 1)) |")
        }
        return lines
    }

    private var lengthTable: [String] {
        var lines = [
            "| events in the log | handled/s | against the shortest | appended/s | against the shortest "
                + "| pages read for 50 events | all by events_order_key |",
            "|---|---|---|---|---|---|---|",
        ]
        let lengths = plans.keys.sorted()
        func find(_ measure: Measure, _ length: Int?) -> Series? {
            length.flatMap { self.find(measure, log, "\($0) rows") }
        }
        for length in lengths {
            let (handled, appended) = (find(.handled, length), find(.appended, length))
            let plans = plans[length] ?? []
            lines.append(
                "| \(length) | \(number(handled?.median ?? 0, 0)) "
                    + "| \(number(ratio(handled, over: find(.handled, lengths.first)), 2)) "
                    + "| \(number(appended?.median ?? 0, 0)) "
                    + "| \(number(ratio(appended, over: find(.appended, lengths.first)), 2)) "
                    + "| \(plans.first?.buffers ?? 0) | \(plans.allSatisfy(\.isByOrder) ? "yes" : "no") |")
        }
        return lines
    }

    private func number(_ value: Double, _ decimals: Int) -> String {
        value.formatted(
            .number.precision(.fractionLength(decimals)).grouping(.never).locale(Locale(identifier: "en_US")))
    }

    private enum CodingKeys: CodingKey { case series, plans }

    func write(to path: String) throws {
        let url = URL(fileURLWithPath: path)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(self).write(to: url)
    }
}
