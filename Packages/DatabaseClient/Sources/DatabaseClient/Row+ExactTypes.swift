public import ExactTypes

/// Values of ExactTypes, and enums.
extension Row {
    public func calendarDay(_ column: Int) throws -> CalendarDay {
        let days = try daysSince1970(column)
        do {
            return try CalendarDay(daysSince1970: days)
        } catch { throw mismatch(column, "is outside the years 1 to 9999") }
    }

    public func currency(_ column: Int) throws -> Currency {
        let text = try text(column)
        do {
            return try Currency(parsing: text)
        } catch { throw mismatch(column, "is not an ISO 4217 currency code") }
    }

    public func fixedDecimal(_ column: Int) throws -> FixedDecimal {
        let units = try numericUnits(column, scale: FixedDecimal.scale)
        do {
            return try FixedDecimal(units: units)
        } catch { throw mismatch(column, "does not fit numeric(38,18)") }
    }

    public func exchangeRate(_ column: Int) throws -> ExchangeRate {
        let units = try numericUnits(column, scale: ExchangeRate.scale)
        do {
            return try ExchangeRate(units: units)
        } catch { throw mismatch(column, "is not a rate above zero that fits numeric(24,12)") }
    }

    /// A label of a PostgreSQL enum; one that this program does not know yet is an error, not a trap.
    @inlinable
    public func enumeration<E: RawRepresentable<String>>(_ column: Int, _ type: E.Type) throws -> E {
        guard let value = E(rawValue: try text(column)) else {
            throw mismatch(column, "has a label that \(type) does not know")
        }
        return value
    }
}
