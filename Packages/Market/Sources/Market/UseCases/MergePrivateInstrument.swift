import DatabaseClient
import EventLog
import ExactTypes
import SharedTypes

/// Makes an instrument of the acting user one with another, and gives what both are now.
///
/// Into a shared one, it takes that one's listing, on which the bars hang; what is held stays where it is, since
/// transactions are never rewritten. Into another of the user's own, its prices move there and it is removed, which its
/// foreign keys refuse where anything rests on it.
func mergePrivateInstrument(
    _ id: Instrument.ID, into otherID: Instrument.ID, in context: OperationContext
) async throws -> InstrumentRow {
    let (transaction, userID) = (context.transaction, try context.user)
    guard id != otherID else { throw FieldError(field: "into", reason: "is the instrument itself") }
    // In the order of their ids, so that two merges of the same two wait for each other.
    let locked = id < otherID ? [id, otherID] : [otherID, id]
    var own: [Instrument.ID: InstrumentRow] = [:]
    for each in locked {
        own[each] = try await transaction.lockPrivateInstrument(instrumentID: each, userID: userID)
    }
    guard let row = own[id] else { throw MarketError.instrumentNotFound }
    let other: InstrumentRow
    if let found = own[otherID] {
        other = found
    } else {
        guard let found = try await transaction.findInstrument(instrumentID: otherID, userID: userID) else {
            throw FieldError(field: "into", reason: "names no instrument")
        }
        other = found
    }
    guard row.currency == other.currency else {
        throw MarketError.currencyDiffers(row.currency, other.currency)
    }
    if other.ownerID == nil {
        // What is held of the shared one and of one's own would be two holdings of one listing.
        guard try await !transaction.hasBooked(instrumentID: otherID) else {
            throw MarketError.instrumentInUse(.sharedIsHeld)
        }
        return try await transaction.relistPrivateInstrument(
            now: context.now, instrumentID: id, userID: userID, listedID: otherID)
    }
    try await transaction.copyOwnerPrices(
        intoID: otherID, now: context.now, userID: userID, instrumentID: id)
    _ = try await transaction.deletePrivateInstrument(instrumentID: id, userID: userID)
    return other
}
