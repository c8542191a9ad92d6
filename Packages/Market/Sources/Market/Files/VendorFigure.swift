import ExactTypes
import StrictJSON

extension JSONValue {
    /// A figure of a vendor's answer, rounded half to even to the decimals that are kept.
    func figure(_ name: String) throws(ParseError) -> FixedDecimal {
        guard case .number(let number) = self, let figure = try? FixedDecimal(rounding: number) else {
            throw ParseError(reason: "has a \(name) that is no figure")
        }
        return figure
    }

    /// A text of a vendor's answer.
    func text(_ name: String) throws(ParseError) -> String {
        guard case .string(let text) = self else {
            throw ParseError(reason: "has a \(name) that is no text")
        }
        return text
    }

    /// The vendor's answer; throws where it is no object of JSON, as a page for people is none.
    init(vendorAnswer bytes: [UInt8]) throws(ParseError) {
        guard let value = try? JSONValue(parsing: bytes), case .object = value else {
            throw ParseError(reason: "is no JSON object")
        }
        self = value
    }
}
