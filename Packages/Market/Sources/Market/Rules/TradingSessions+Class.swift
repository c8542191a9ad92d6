import SharedTypes

extension TradingSessions.Assumption {
    /// What is assumed of instruments of a class.
    init(for instrumentClass: InstrumentClass) {
        self = instrumentClass == .crypto ? .everyDay : .weekdays
    }
}
