/// The calendar that an operator gives an instrument.
enum CalendarChoice: String, CaseIterable {
    case newYork = "XNYS"
    case xetra = "XETR"
    case london = "XLON"
    case zurich = "XSWX"
    case none

    /// The exchange, or nil for none.
    var mic: String? { self == .none ? nil : rawValue }
}
