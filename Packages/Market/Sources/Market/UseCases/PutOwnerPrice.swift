import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

/// Writes what an instrument of the acting user cost on a day; the same again changes nothing.
func putOwnerPrice(
    _ price: FixedDecimal, of id: Instrument.ID, on day: CalendarDay, in context: OperationContext
) async throws {
    guard day <= CalendarDay(utc: context.now) else {
        throw FieldError(field: "day", reason: "lies in the future")
    }
    _ = try await lockPrivateInstrument(id, in: context)
    _ = try await context.transaction.writeOwnerPrices(
        [NewOwnerPrice(day: day, price: price)], userID: try context.user, instrumentID: id,
        now: context.now)
}

/// Takes a price away; where there is none, nothing happens.
func deleteOwnerPrice(
    of id: Instrument.ID, on day: CalendarDay, in context: OperationContext
) async throws {
    _ = try await lockPrivateInstrument(id, in: context)
    _ = try await context.transaction.deleteOwnerPrice(
        userID: try context.user, instrumentID: id, day: day)
}
