import ExactTypes
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import SharedTypes
import StrictJSON

@testable import ServiceKit

extension TextReader {
    static let json = [
        TextReader("json", #"{"a": [1, -2.5e3, "x\u00e9\ud83d\ude00", null, true]}"#) {
            _ = try JSONParser.parse($0).text
            return true
        },
        TextReader(
            text: "moment", "2021-09-01T15:30:00.123456+02:00", parse: { try Date(rfc3339: $0).rfc3339 }),
        TextReader(text: "base64url", "3q2-7w", accept: { Data(base64URL: $0) != nil }),
        TextReader(text: "cursor", "WyJhIl0", parse: { try Cursor.decode($0, as: String.self) }),
        TextReader("stored-json", #"{"a": [1, "b"]}"#) {
            _ = try JSONValue(parsing: $0).text
            return true
        },
        TextReader(
            "access-token-claims",
            """
            {"iss": "grove", "aud": "grove", "sub": "01a1fba4-b718-7a24-9c7d-3f2b8e1d0c5a",
             "sid": "01a1fba4-b718-7a24-9c7d-3f2b8e1d0c5b", "iat": 1700000000, "nbf": 1700000000,
             "exp": 1700000900, "typ": "access", "operator": false}
            """
        ) {
            let decoder = JSONDecoder()
            decoder.dateDecodingStrategy = .secondsSince1970
            let claims = try decoder.decode(AccessTokenClaims.self, from: Data($0))
            let now = Date(timeIntervalSince1970: 1_700_000_000)
            _ = try claims.principal(issuer: "grove", audience: "grove", now: now)
            return true
        },
    ]

    static let requests = [
        TextReader(
            text: "query", "after=a%20b&limit=5",
            parse: { text in
                let query = MemberReader(try request("/v1/x?" + text).queryValues(), .parameters)
                _ = try query.optional("limit", .int(in: 1...200))
                return try query.optional("after", .text(length: 1...1_024))
            }),
        TextReader(
            text: "if-match", "\"3\", W/\"4\"",
            accept: { text in
                let request = request("/", [.ifMatch: text, .ifNoneMatch: text])
                try request.requireMatch(revision: 3)
                return !request.isNotModified(entityTag: "\"5\"")
            }),
        TextReader(
            text: "retry-after", "120", "Sun, 06 Nov 1994 08:49:37 GMT",
            accept: { RetryAfter.seconds($0, at: .distantPast) != nil }),
        TextReader("fields", #"{"value": "139.75"}"#, #"{"value": {"a": [1]}}"#, #"{"value": 12}"#) { bytes in
            let fields = try MemberReader(try JSONValue(body: ByteBuffer(bytes: bytes)), .request)
            return readers.count { (try? $0(fields)) != nil } > 0
        },
    ]

    /// Every way in which a field may be read.
    private static let readers: [@Sendable (MemberReader) throws -> Any] = [
        { try $0.required("value", .text(length: 0...100, multiline: true)) },
        { try $0.required("value", .identifier(Portfolio.self)) },
        { try $0.required("value", .decimal(.positive)) }, { try $0.required("value", .exchangeRate) },
        { try $0.required("value", .currency) }, { try $0.required("value", .currencyUnit) },
        { try $0.required("value", .day) }, { try $0.required("value", .moment) },
        { try $0.required("value", .bool) }, { try $0.required("value", .int(in: -5...Int.max)) },
        { try $0.required("value", ValueReader<TransactionType>.choice) },
        { try $0.required("value", .json).text }, { try $0.required("value", .object) },
        { try $0.required("value", .array(of: .object, count: 0...3)) },
        { try $0.required("value", .set(of: .text(length: 0...5), count: 0...3)) },
    ]

    private static func request(_ path: String, _ headers: HTTPFields = [:]) -> Request {
        Request(
            head: HTTPRequest(
                method: .get, scheme: "http", authority: "localhost", path: path, headerFields: headers),
            body: RequestBody(buffer: ByteBuffer()))
    }
}
