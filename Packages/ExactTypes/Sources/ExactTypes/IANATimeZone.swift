public import Foundation

/// A time zone of the IANA database, by its name, and the days and hours that its clock shows.
///
/// It asks the machine for nothing but the zone's distance from UTC, so that what happens around a change of the clock
/// is said here: a time that the clock skips, and a time that it shows twice. A name that the machine does not know is
/// refused, and never taken for another zone.
public struct IANATimeZone: Sendable, Hashable {
    /// The zone's distance from UTC is less than a day everywhere, so the distances a day before and after a
    /// wall time are those that hold around it.
    private static let day = TimeInterval.days(1)

    /// Coordinated Universal Time, for what is not of a place.
    public static let utc = IANATimeZone(name: "UTC", zone: .gmt)

    private let name: String
    private let zone: TimeZone

    private init(name: String, zone: TimeZone) {
        self.name = name
        self.zone = zone
    }

    /// Reads an IANA name: "Europe/Zurich", "UTC".
    public init(parsing text: some StringProtocol) throws(ParseError) {
        let name = String(text)
        // Foundation also reads "GMT+2", which has no rules for summer time, and "CET" by abbreviation. Its list lacks
        // names that it reads, as Asia/Kolkata, so one of an area is taken where it reads it.
        let isName = name == "UTC" || name.contains("/") || Self.names.contains(name)
        guard isName, name.utf8.allSatisfy(Self.isOfAName), let zone = TimeZone(identifier: name) else {
            throw ParseError(reason: "is not an IANA time zone like Europe/Zurich")
        }
        self.init(name: name, zone: zone)
    }

    /// Letters, digits, signs and the separator: no dot, which a path to a file could have.
    private static func isOfAName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "_"), UInt8(ascii: "-"),
            UInt8(ascii: "+"):
            true
        default: false
        }
    }

    private static let names = Set(TimeZone.knownTimeZoneIdentifiers)

    /// The day that the clock's calendar shows.
    public func day(at moment: Date) -> CalendarDay {
        CalendarDay(utc: moment.addingTimeInterval(offset(at: moment)))
    }

    /// The minutes after midnight that the clock shows, 0 to 1439.
    public func minutes(at moment: Date) -> Int {
        let wall = moment.addingTimeInterval(offset(at: moment))
        return Int(wall.timeIntervalSince(CalendarDay(utc: wall).start) / 60)
    }

    /// The first moment at which the clock shows the day. It is midnight, or where the clock skips midnight, as in some
    /// zones in spring, the end of the gap; a day that a zone left out altogether begins where the next one does.
    public func start(of day: CalendarDay) -> Date { first(0, of: day) }

    /// The first moment at which the clock shows these minutes after midnight; where it skips them, the first
    /// after the gap.
    public func first(_ minutes: Int, of day: CalendarDay) -> Date {
        moments(minutes, of: day).first ?? gapEnd(minutes, of: day)
    }

    /// The last moment at which the clock shows these minutes: the second one where it shows them twice.
    public func last(_ minutes: Int, of day: CalendarDay) -> Date {
        moments(minutes, of: day).last ?? gapEnd(minutes, of: day)
    }

    private func offset(at moment: Date) -> TimeInterval { TimeInterval(zone.secondsFromGMT(for: moment)) }

    /// What the clock shows, read as if it were that of UTC.
    private func wall(_ minutes: Int, of day: CalendarDay) -> Date {
        day.start.addingTimeInterval(TimeInterval(minutes) * 60)
    }

    private func offsets(around wall: Date) -> (before: TimeInterval, after: TimeInterval) {
        (offset(at: wall.addingTimeInterval(-Self.day)), offset(at: wall.addingTimeInterval(Self.day)))
    }

    /// The moments at which the clock shows a time, in their order: one, two, or none.
    private func moments(_ minutes: Int, of day: CalendarDay) -> [Date] {
        let wall = wall(minutes, of: day)
        let (before, after) = offsets(around: wall)
        return Set([before, after])
            .map { (offset: $0, moment: wall.addingTimeInterval(-$0)) }
            .filter { offset(at: $0.moment) == $0.offset }
            .map(\.moment)
            .sorted()
    }

    /// The moment at which the clock is put forward over a time that it never shows. It lies between the moments
    /// that the time would have been by the distance after it and by the one before it.
    private func gapEnd(_ minutes: Int, of day: CalendarDay) -> Date {
        let wall = wall(minutes, of: day)
        let (before, after) = offsets(around: wall)
        var last = wall.addingTimeInterval(-after)
        var first = wall.addingTimeInterval(-before)
        while first.timeIntervalSince(last) > 1 {
            let middle = last.addingTimeInterval((first.timeIntervalSince(last) / 2).rounded())
            if offset(at: middle) == before { last = middle } else { first = middle }
        }
        return first
    }
}

extension IANATimeZone: CustomStringConvertible {
    /// The name.
    public var description: String { name }
}
