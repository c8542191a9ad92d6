public import ExactTypes

/// What a file's figures and days mean.
public struct TabularFormat: Sendable, Hashable {
    public let figures: FigureFormat
    public let days: DayFormat

    public init(figures: FigureFormat, days: DayFormat) {
        self.figures = figures
        self.days = days
    }

    /// What programs write: a decimal point, and days with the year first.
    public static let plain = TabularFormat(
        figures: FigureFormat(decimalMark: .point), days: DayFormat(order: nil, zone: .utc))
}

/// What the sender of a file says of it, where they do.
public struct StatedFormat: Sendable, Hashable {
    public let decimalMark: FigureFormat.DecimalMark?
    public let dayOrder: DayOrder?
    /// Where a moment is whose text says no offset.
    public let zone: IANATimeZone

    public init(
        decimalMark: FigureFormat.DecimalMark? = nil, dayOrder: DayOrder? = nil, zone: IANATimeZone = .utc
    ) {
        self.decimalMark = decimalMark
        self.dayOrder = dayOrder
        self.zone = zone
    }
}

/// Why a file is refused.
public struct RefusedRows: Error, Sendable, Hashable {
    public let faults: [RowFault]

    public init(_ faults: [RowFault]) { self.faults = faults }
}
