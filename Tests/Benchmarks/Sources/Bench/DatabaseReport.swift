import Foundation

/// All rounds of all contenders, and what follows from them.
struct DatabaseReport: Encodable {
    struct Series: Encodable {
        let measure: Measure
        let tasks: Int
        let contender: String
        var rounds: [Measurement] = []

        var rate: Double { rounds.map(\.perSecond).median }
        var p99Microseconds: Double? {
            let values = rounds.compactMap(\.p99Microseconds)
            return values.isEmpty ? nil : values.median
        }
        var memoryKilobytes: Int? { rounds.compactMap(\.memoryKilobytes).max() }
    }

    struct Aim: Encodable {
        let name: String
        let aim: String
        let ratio: Double
        let isReached: Bool
    }

    private(set) var series: [Series] = []

    mutating func add(_ measurement: Measurement, of contender: String, _ measure: Measure, tasks: Int) {
        let index = series.firstIndex {
            ($0.measure, $0.tasks, $0.contender) == (measure, tasks, contender)
        }
        if index == nil { series.append(Series(measure: measure, tasks: tasks, contender: contender)) }
        series[index ?? series.count - 1].rounds.append(measurement)
    }

    private func find(_ measure: Measure, _ tasks: Int, _ contender: String) -> Series? {
        series.first { ($0.measure, $0.tasks, $0.contender) == (measure, tasks, contender) }
    }

    /// The median over the rounds of Grove's figure over the peer's.
    private func ratio(_ ours: Series, _ theirs: Series, _ value: (Measurement) -> Double?) -> Double {
        zip(ours.rounds, theirs.rounds).compactMap { our, their in
            guard let our = value(our), let their = value(their), their > 0 else { return nil }
            return our / their
        }.median
    }

    private func bestPgx(_ measure: Measure, _ tasks: Int) -> Series? {
        series.filter {
            $0.measure == measure && $0.tasks == tasks && $0.contender.hasPrefix(Contender.pgx)
        }.max { $0.rate < $1.rate }
    }

    /// The aims of the database layer, where this run measured them: for tasks on Swift's own pool, as in a
    /// service, and for tasks on the client's thread.
    var aims: [Aim] { [Contender.grove, Contender.groveOnItsThread].flatMap(aims(of:)) }

    private func aims(of us: String) -> [Aim] {
        var aims: [Aim] = []
        func add(_ name: String, atLeast limit: Double, _ ours: Series?, _ theirs: Series?) {
            guard let ours, let theirs else { return }
            let ratio = ratio(ours, theirs, \.perSecond)
            aims.append(
                Aim(name: "\(us): \(name)", aim: "≥ \(limit)", ratio: ratio, isReached: ratio >= limit))
        }
        let (point, ten) = (find(.point, 64, us), find(.rows10, 64, us))
        add("point read against pgbench, 64 tasks", atLeast: 1.3, point, find(.point, 64, Contender.pgbench))
        add("ten rows against pgbench, 64 tasks", atLeast: 0.9, ten, find(.rows10, 64, Contender.pgbench))
        add("point read against the best pgx, 64 tasks", atLeast: 1.3, point, bestPgx(.point, 64))
        add("ten rows against the best pgx, 64 tasks", atLeast: 1.25, ten, bestPgx(.rows10, 64))
        if let point, let pgx = bestPgx(.point, 64) {
            let ratio = ratio(point, pgx, \.p99Microseconds)
            aims.append(
                Aim(
                    name: "\(us): p99 of the point read against pgx, 64 tasks", aim: "≤ 0.5", ratio: ratio,
                    isReached: ratio <= 0.5))
        }
        add("act_as and read against the plain read, 64 tasks", atLeast: 0.7, find(.guarded, 64, us), point)
        add(
            "point read, one task, against a C loop on libpq", atLeast: 0.9, find(.point, 1, us),
            find(.point, 1, Contender.libpq))
        return aims
    }

    /// Two tables in Markdown: every series, and the aims.
    var table: String {
        var lines = [
            "| measure | tasks | contender | thousand/s | Grove over it | p99 µs | memory MB |",
            "|---|---|---|---|---|---|---|",
        ]
        for one in series {
            let ours = find(one.measure, one.tasks, Contender.grove)
            let ratio = ours.map {
                $0.contender == one.contender ? "" : number(self.ratio($0, one, \.perSecond), 2)
            }
            lines.append(
                "| \(one.measure.rawValue) | \(one.tasks) | \(one.contender) | \(number(one.rate / 1_000, 1)) "
                    + "| \(ratio ?? "") | \(one.p99Microseconds.map { number($0, 0) } ?? "") "
                    + "| \(one.memoryKilobytes.map { number(Double($0) / 1_024, 0) } ?? "") |")
        }
        let aims = aims
        guard !aims.isEmpty else { return lines.joined(separator: "\n") }
        lines += ["", "| aim | wanted | reached |", "|---|---|---|"]
        lines += aims.map {
            "| \($0.name) | \($0.aim) | \(number($0.ratio, 2))\($0.isReached ? "" : " (missed)") |"
        }
        return lines.joined(separator: "\n")
    }

    private func number(_ value: Double, _ decimals: Int) -> String {
        value.formatted(
            .number.precision(.fractionLength(decimals)).grouping(.never).locale(Locale(identifier: "en_US")))
    }

    private enum CodingKeys: CodingKey { case series, aims }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(series, forKey: .series)
        try container.encode(aims, forKey: .aims)
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
