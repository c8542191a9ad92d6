import ExactTypes
import SharedTypes

/// A daily bar as the contract shows it.
struct PriceBarAnswer: Encodable {
    let day: CalendarDay
    let open: FixedDecimal
    let high: FixedDecimal
    let low: FixedDecimal
    let close: FixedDecimal
    let volume: FixedDecimal
    let source: String

    init(_ row: ListPriceBarsRow) {
        day = row.day
        open = row.open
        high = row.high
        low = row.low
        close = row.close
        volume = row.volume
        source = row.source
    }
}
