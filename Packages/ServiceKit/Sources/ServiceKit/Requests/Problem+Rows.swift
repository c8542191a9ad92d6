import ContractKit
public import ExactTypes
import Foundation
import HTTPTypes
import StrictJSON

extension Problem {
    /// How many refused rows a client is shown.
    private static let maximumShownRows = 100

    /// 422: rows of a file are refused, and nothing of it is taken. The first stands in the words of a field,
    /// and the first hundred as a list. A row that asks something says with which parameter the next request
    /// can answer, and what each answer would make of the text.
    public static func rowsRefused(_ faults: [RowFault]) -> Problem {
        guard let first = faults.first else { return .invalid("body", "has no rows") }
        var problem = Problem(
            .unprocessableContent, "rows-refused", "Rows of the file are refused",
            detail: first.description, field: first.column)
        problem.extensions["row"] = first.row.map { .number(Decimal($0)) }
        problem.extensions["refused"] = .number(Decimal(faults.count))
        problem.extensions["rows"] = .array(faults.prefix(maximumShownRows).map(json))
        return problem
    }

    private static func json(_ fault: RowFault) -> JSONValue {
        var members: [String: JSONValue] = ["reason": .string(fault.reason)]
        members["row"] = fault.row.map { .number(Decimal($0)) }
        members["column"] = fault.column.map(JSONValue.string)
        members["parameter"] = (fault.question?.parameter).map(JSONValue.string)
        members["readings"] = (fault.question?.readings).map { .object($0.mapValues(JSONValue.string)) }
        return .object(members)
    }
}
