import Foundation

/// All rounds of `bench http`, and what follows from them.
struct HTTPReport: Encodable {
    struct Series: Encodable {
        let measure: HTTPMeasure
        let connections: Int
        let contender: String
        var rounds: [HTTPMeasurement] = []
    }

    struct Aim: Encodable {
        let name: String
        let aim: String
        let value: Double
        let isReached: Bool
    }

    private(set) var series: [Series] = []
    /// Milliseconds from a contender's start to its first answer.
    var ready: [String: Double] = [:]
    /// Kilobytes after all rounds.
    var resident: [String: Int] = [:]
    var streams: [StreamMeasurement] = []

    mutating func add(
        _ measurement: HTTPMeasurement, of contender: String, _ measure: HTTPMeasure, connections: Int
    ) {
        let index = series.firstIndex {
            ($0.measure, $0.connections, $0.contender) == (measure, connections, contender)
        }
        if index == nil {
            series.append(Series(measure: measure, connections: connections, contender: contender))
        }
        series[index ?? series.count - 1].rounds.append(measurement)
    }

    private func find(_ measure: HTTPMeasure, _ connections: Int, _ contender: String) -> Series? {
        series.first { ($0.measure, $0.connections, $0.contender) == (measure, connections, contender) }
    }

    /// The median over the rounds of Grove's figure over another's; nil where either was not measured.
    private func ratio(
        _ measure: HTTPMeasure, _ connections: Int, over contender: String,
        _ value: (HTTPMeasurement) -> Double = \.perSecond
    ) -> Double? {
        guard let ours = find(measure, connections, HTTPContender.grove),
            let theirs = find(measure, connections, contender)
        else { return nil }
        return zip(ours.rounds, theirs.rounds).map { value($0) / value($1) }.median
    }

    private var aims: [Aim] {
        var aims: [Aim] = []
        func add(_ name: String, atLeast limit: Double? = nil, atMost bound: Double? = nil, _ value: Double?)
        {
            guard let value else { return }
            aims.append(
                Aim(
                    name: name, aim: limit.map { "≥ \($0)" } ?? "≤ \(bound ?? 0)", value: value,
                    isReached: value >= limit ?? 0 && value <= bound ?? .infinity))
        }
        let batch = HTTPContender.goBatch
        add(
            "ten holdings, 32 connections, against SendBatch", atLeast: 1.3, ratio(.holdings, 32, over: batch)
        )
        add("against FastAPI", atLeast: 5, ratio(.holdings, 32, over: HTTPContender.fastAPI))
        add(
            "p99 against SendBatch, 32 connections", atMost: 0.7,
            ratio(.holdings, 32, over: batch, \.p99Microseconds))
        add("one connection, against SendBatch", atLeast: 0.9, ratio(.holdings, 1, over: batch))
        add("purchase against Go", atLeast: 1, ratio(.purchase, 32, over: HTTPContender.goPlain))
        add(
            "resident after the run, MB", atMost: 40, resident[HTTPContender.grove].map { Double($0) / 1_024 }
        )
        add("ready after start, ms", atMost: 300, ready[HTTPContender.grove])
        return aims
    }

    // MARK: - Tables in Markdown

    var tables: String {
        var lines = [
            "| measure | connections | contender | requests/s | Grove over it | p50 ms | p99 ms |",
            "|---|---|---|---|---|---|---|",
        ]
        for one in series {
            let isOurs = one.contender == HTTPContender.grove
            let ratio = isOurs ? nil : ratio(one.measure, one.connections, over: one.contender)
            lines.append(
                "| \(one.measure.rawValue) | \(one.connections) | \(one.contender) "
                    + "| \(number(one.rounds.map(\.perSecond).median, 0)) | \(ratio.map { number($0, 2) } ?? "") "
                    + "| \(number(one.rounds.map(\.p50Microseconds).median / 1_000, 2)) "
                    + "| \(number(one.rounds.map(\.p99Microseconds).median / 1_000, 2)) |")
        }
        lines += valuations + streamTable
        lines += ["", "| contender | resident after the run, MB | start to ready, ms |", "|---|---|---|"]
        for (contender, kilobytes) in resident.sorted(by: { $0.key < $1.key }) {
            lines.append(
                "| \(contender) | \(number(Double(kilobytes) / 1_024, 0)) | \(number(ready[contender] ?? 0, 0)) |"
            )
        }
        lines += ["", "| aim | wanted | reached |", "|---|---|---|"]
        lines += aims.map {
            "| \($0.name) | \($0.aim) | \(number($0.value, 2))\($0.isReached ? "" : " (missed)") |"
        }
        return lines.joined(separator: "\n")
    }

    /// No peer keeps books to value: what bounds it is the reading of holdings, in the same run.
    private var valuations: [String] {
        let ours = HTTPContender.grove
        let lines = series.filter { $0.measure == .valuation && $0.contender == ours }.compactMap { one in
            find(.holdings, one.connections, ours).map { holdings in
                let (value, bound) = (
                    one.rounds.map(\.perSecond).median, holdings.rounds.map(\.perSecond).median
                )
                return "- \(one.connections) connections: \(number(value / bound, 2)) of the requests"
            }
        }
        guard !lines.isEmpty else { return [] }
        return ["", "A valuation has no peer here. Against Grove's own ten holdings in this run:", ""] + lines
    }

    private var streamTable: [String] {
        guard !streams.isEmpty else { return [] }
        return [
            "",
            "| event streams of | listeners | all open after, ms | KB each | messages a round | p50 ms | p99 ms |",
            "|---|---|---|---|---|---|---|",
        ]
            + streams.map { one in
                "| \(one.contender) | \(one.listeners) | \(number(one.openMilliseconds, 0)) "
                    + "| \(number(one.kilobytesEach, 0)) | \(one.rounds.first?.messages ?? 0) "
                    + "| \(number(one.rounds.map(\.p50Microseconds).median / 1_000, 2)) "
                    + "| \(number(one.rounds.map(\.p99Microseconds).median / 1_000, 2)) |"
            }
    }

    private func number(_ value: Double, _ decimals: Int) -> String {
        value.formatted(
            .number.precision(.fractionLength(decimals)).grouping(.never).locale(Locale(identifier: "en_US")))
    }

    private enum CodingKeys: CodingKey { case series, aims, ready, resident, streams }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(series, forKey: .series)
        try container.encode(aims, forKey: .aims)
        try container.encode(ready, forKey: .ready)
        try container.encode(resident, forKey: .resident)
        try container.encode(streams, forKey: .streams)
    }

    func write(to path: String) throws {
        let url = URL(fileURLWithPath: path)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(self).write(to: url)
    }
}
