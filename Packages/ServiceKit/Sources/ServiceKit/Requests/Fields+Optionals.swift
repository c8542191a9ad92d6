import ContractKit
import ExactTypes
import Foundation
import StrictJSON

/// The twins that give nil for a field that is absent or null.
extension Fields {
    /// As ``string(_:length:multiline:)``, or nil.
    public func optionalString(
        _ name: String, length: ClosedRange<Int> = 0...10_000, multiline: Bool = false
    ) throws(Problem) -> String? {
        has(name) ? try string(name, length: length, multiline: multiline) : nil
    }

    /// As ``identifier(_:_:)``, or nil.
    public func optionalIdentifier<E: Entity>(
        _ name: String, _ entity: E.Type
    ) throws(Problem) -> Identifier<E>? {
        has(name) ? try identifier(name, entity) : nil
    }

    /// As ``decimal(_:_:)``, or nil.
    public func optionalDecimal(
        _ name: String, _ range: DecimalRange = .any
    ) throws(Problem) -> FixedDecimal? {
        has(name) ? try decimal(name, range) : nil
    }

    /// As ``currency(_:)``, or nil.
    public func optionalCurrency(_ name: String) throws(Problem) -> Currency? {
        has(name) ? try currency(name) : nil
    }

    /// As ``currencyUnit(_:)``, or nil.
    public func optionalCurrencyUnit(_ name: String) throws(Problem) -> CurrencyUnit? {
        has(name) ? try currencyUnit(name) : nil
    }

    /// As ``day(_:)``, or nil.
    public func optionalDay(_ name: String) throws(Problem) -> CalendarDay? {
        has(name) ? try day(name) : nil
    }

    /// As ``bool(_:)``, or nil.
    public func optionalBool(_ name: String) throws(Problem) -> Bool? {
        has(name) ? try bool(name) : nil
    }

    /// As ``int(_:in:)``, or nil.
    public func optionalInt(_ name: String, in range: ClosedRange<Int>) throws(Problem) -> Int? {
        has(name) ? try int(name, in: range) : nil
    }

    /// As ``enumeration(_:_:)``, or nil.
    public func optionalEnumeration<E: RawRepresentable<String> & CaseIterable>(
        _ name: String, _ type: E.Type
    ) throws(Problem) -> E? {
        has(name) ? try enumeration(name, type) : nil
    }

    /// As ``json(_:)``, or nil.
    public func optionalJSON(_ name: String) throws(Problem) -> JSONValue? {
        has(name) ? try json(name) : nil
    }

    /// As ``object(_:)``, or nil.
    public func optionalObject(_ name: String) throws(Problem) -> Fields? {
        has(name) ? try object(name) : nil
    }

    /// As ``objects(_:count:)``, or nil.
    public func optionalObjects(
        _ name: String, count: ClosedRange<Int> = 0...100_000
    ) throws(Problem) -> [Fields]? {
        has(name) ? try objects(name, count: count) : nil
    }
}
