import DatabaseClient
import ExactTypes
import Foundation
import Testing

/// Values go out and come back in PostgreSQL's binary format, and mean there what they mean here.
@Suite struct BinaryFormatTests {
    @Test func numericsRoundTripAndReadTheSameOnTheServer() async throws {
        try await withConnection { connection in
            let limit = Int128(10).power(38)
            var units: [Int128] = [
                0, 1, -1, 9_999, 10_000, -10_000, 100_000_000, limit - 1, 1 - limit, .max, -.max,
            ]
            units += (0...38).map { Int128(10).power($0) }
            units += (0..<400).map { _ in
                Int128.random(in: -limit...limit) / Int128(10).power(Int.random(in: 0...37))
            }
            // Whole numbers and round ones, whose last digits are left out.
            units += (0..<200).map { _ in
                Int128.random(in: -99_999_999...99_999_999) * Int128(10).power(Int.random(in: 0...30))
            }
            for scale in [0, 1, 3, 4, 5, 8, 12, 16, 17, 18] {
                var parameters = Parameters()
                parameters.append(numericArray: units, scale: scale)
                let result = try await connection.query(
                    "SELECT n, n * 10::numeric ^ \(scale) || '' FROM unnest($1::numeric[]) WITH ORDINALITY AS x(n, i) ORDER BY i",
                    parameters)
                let decoded = try result.many { try $0.numericUnits(0, scale: scale) }
                #expect(decoded == units)
                let texts = try result.many { try $0.text(1).split(separator: ".")[0] }
                #expect(texts.map { Int128($0) } == units.map { Int128?($0) }, "scale \(scale)")
            }
        }
    }

    /// What no column of ours can hold, as a sum or a quotient of the server may be.
    @Test(arguments: [
        "'NaN'", "'Infinity'", "'-Infinity'", "1e21", "-1e21", "1e38", "1e1000", "-1e-19", "1e-20", "1e-1000",
        "1 / 3.0", "170141183460469231731.687303715884105728", "1e20 + 1e-19",
    ])
    func aNumericOutOfRangeIsAnError(expression: String) async throws {
        try await withConnection { connection in
            let row = try await connection.query("SELECT (\(expression))::numeric")[0]
            #expect(throws: DatabaseError.self) { try row.numericUnits(0, scale: 18) }
        }
    }

    @Test func zerosBehindTheScaleAreNoDecimals() async throws {
        try await withConnection { connection in
            let row = try await connection.query(
                "SELECT 1.50000000000000000000000::numeric, 0.000::numeric, 1e18::numeric, 1e-18::numeric")[0]
            #expect(try row.numericUnits(0, scale: 18) == 1_500_000_000_000_000_000)
            #expect(try row.numericUnits(0, scale: 1) == 15)
            #expect(try row.numericUnits(1, scale: 0) == 0)
            #expect(try row.numericUnits(2, scale: 18) == Int128(10).power(36))
            #expect(try row.numericUnits(3, scale: 18) == 1)
        }
    }

    @Test func aNumericWithMoreDecimalsThanAskedForIsRefused() async throws {
        try await withConnection { connection in
            let row = try await connection.query("SELECT 0.123456789, 'NaN'::numeric, NULL::numeric")[0]
            #expect(try row.numericUnits(0, scale: 9) == 123_456_789)
            for column in 0..<3 {
                #expect(throws: DatabaseError.self) { try row.numericUnits(column, scale: 8) }
            }
        }
    }

    @Test func timesAndDaysRoundTripToTheMicrosecond() async throws {
        try await withConnection { connection in
            for _ in 0..<200 {
                let microseconds = Int64.random(in: 0...2_800_000_000_000_000)  // 1970 to 2058
                let date = Date(timeIntervalSince1970: Double(microseconds) / 1_000_000)
                let day = Int32.random(in: -100_000...100_000)
                var parameters = Parameters()
                parameters.append(timestamp: date)
                parameters.append(daysSince1970: day)
                let row = try await connection.query(
                    """
                    SELECT $1::timestamptz, (extract(epoch FROM $1::timestamptz) * 1000000)::int8,
                        $2::date, $2::date - '1970-01-01'::date
                    """, parameters)[0]
                #expect(try row.int(1) == Int(microseconds))
                #expect(abs(try row.timestamp(0).timeIntervalSince(date)) < 0.000_001)
                #expect(try row.daysSince1970(2) == day)
                #expect(try row.int(3) == Int(day))
            }
        }
    }

    @Test func everyOtherTypeRoundTripsWithNulls() async throws {
        try await withConnection { connection in
            let id = UUID()
            var parameters = Parameters()
            parameters.append(uuid: id)
            parameters.append(text: "Grüße, 世界 🌱")
            parameters.append(text: "")
            parameters.append(bool: false)
            try parameters.append(int2: -32_768)
            try parameters.append(int4: 2_147_483_647)
            try parameters.append(int8: .min)
            parameters.append(json: #"{"a": [1, null]}"#)
            parameters.append(bytes: [0, 255])
            parameters.append(float8: -0.1)
            parameters.append(uuid: nil)
            let row = try await connection.query(
                """
                SELECT $1::uuid, $2::text, $3::text, $4::bool, $5::int2, $6::int4, $7::int8, $8::jsonb, $9::bytea,
                    $10::float8, $11::uuid
                """, parameters)[0]
            #expect(try row.uuid(0) == id)
            #expect(try row.text(1) == "Grüße, 世界 🌱")
            #expect(try row.text(2) == "")
            #expect(try row.bool(3) == false)
            #expect(try row.int(4) == -32_768)
            #expect(try row.int(5) == 2_147_483_647)
            #expect(try row.int(6) == .min)
            #expect(try row.json(7) == #"{"a": [1, null]}"#)
            #expect(try row.bytes(8) == [0, 255])
            #expect(try row.double(9) == -0.1)
            #expect(row.isNull(10))
        }
    }

    @Test func arraysCarryNullsAndEmptiness() async throws {
        try await withConnection { connection in
            let ids = (0..<3).map { _ in UUID() }
            var parameters = Parameters()
            parameters.append(uuidArray: ids.map { $0 })
            parameters.append(textArray: ["a", nil, ""])
            parameters.append(dayArray: [])
            try parameters.append(int4Array: [1, -1])
            let row = try await connection.query(
                "SELECT $1::uuid[], $2::text[], array_position($2::text[], NULL), $3::date[], $4::int4[]",
                parameters)[0]
            #expect(try row.array(0, of: .uuid) == ids)
            #expect(try row.nullableArray(1, of: .text) == ["a", nil, ""])
            #expect(throws: DatabaseError.self) { try row.array(1, of: .text) }
            #expect(try row.int(2) == 2)
            #expect(try row.array(3, of: .calendarDay) == [])
            #expect(try row.array(4, of: .int) == [1, -1])
        }
    }

    /// Each kind of element there and back, with NULL between, and not as another kind.
    @Test func arraysHoldEveryKindOfElement() async throws {
        try await withConnection { connection in
            try await connection.script("CREATE TYPE shade AS ENUM ('dark', 'light')")
            let (decimal, rate) = (
                try FixedDecimal(parsing: "-0.000000000000000001"), try ExchangeRate(parsing: "1.5")
            )
            let day = try CalendarDay(parsing: "2024-02-29")
            let moment = Date(timeIntervalSince1970: 1_700_000_000.25)
            let currency = try Currency(parsing: "EUR")
            var parameters = Parameters()
            parameters.append(numericArray: [decimal.units, nil], scale: FixedDecimal.scale)
            parameters.append(numericArray: [rate.units, nil], scale: ExchangeRate.scale)
            parameters.append(dayArray: [day.daysSince1970, nil])
            parameters.append(timestampArray: [moment, nil])
            parameters.append(textArray: [currency.code, nil])
            parameters.append(textArray: [Shade.light.rawValue, nil])
            parameters.append(bytesArray: [[0, 255], nil, []])
            parameters.append(boolArray: [true, nil])
            parameters.append(float8Array: [-0.1, nil])
            parameters.append(jsonArray: [#"{"a": 1}"#, nil])
            let row = try await connection.query(
                """
                SELECT $1::numeric[], $2::numeric[], $3::date[], $4::timestamptz[], $5::text[], $6::shade[],
                    $7::bytea[], $8::bool[], $9::float8[], $10::jsonb[]
                """, parameters)[0]
            #expect(try row.nullableArray(0, of: .fixedDecimal) == [decimal, nil])
            #expect(try row.nullableArray(1, of: .exchangeRate) == [rate, nil])
            #expect(try row.nullableArray(2, of: .calendarDay) == [day, nil])
            #expect(try row.nullableArray(3, of: .timestamp) == [moment, nil])
            #expect(try row.nullableArray(4, of: .currency) == [currency, nil])
            #expect(try row.nullableArray(5, of: .enumeration(Shade.self)) == [.light, nil])
            #expect(try row.nullableArray(6, of: .bytes) == [[0, 255], nil, []])
            #expect(try row.nullableArray(7, of: .bool) == [true, nil])
            #expect(try row.nullableArray(8, of: .double) == [-0.1, nil])
            #expect(try row.nullableArray(9, of: .json) == [#"{"a": 1}"#, nil])
            #expect(throws: DatabaseError.self) { try row.nullableArray(4, of: .enumeration(Shade.self)) }
            #expect(throws: DatabaseError.self) { try row.nullableArray(5, of: .uuid) }
        }
    }

    private enum Shade: String { case dark, light }

    @Test func anIntegerThatDoesNotFitIsRefusedBeforeItIsSent() {
        var parameters = Parameters()
        #expect(throws: DatabaseError.encoding(parameter: 1, reason: "32768 does not fit 16 bits")) {
            try parameters.append(int2: 32_768)
        }
    }

    @Test func describeTellsTypesAndOrigins() async throws {
        try await withConnection { connection in
            try await connection.script("CREATE TABLE kept (id uuid PRIMARY KEY, price numeric(18,8))")
            let description = try await connection.describe("SELECT id, price, 1 + 1 FROM kept WHERE id = $1")
            #expect(description.parameterTypes == [2950])
            #expect(description.columns.map(\.columnNumber) == [1, 2, 0])
            #expect(description.columns[1].typeModifier == (18 << 16 | 8) + 4)
        }
    }
}

extension Int128 {
    func power(_ exponent: Int) -> Int128 { (0..<exponent).reduce(1) { result, _ in result * self } }
}
