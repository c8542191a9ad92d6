import ContractKit
import HTTPTypes
import Hummingbird
import NIOCore

extension Response {
    /// The answer of an endpoint. JSON says its charset, which some clients would guess else.
    public init(_ answer: Answer) {
        var headers: HTTPFields = [:]
        for (name, value) in answer.headers {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        guard let content = answer.content else {
            self.init(status: .init(code: answer.status), headers: headers)
            return
        }
        headers[.contentType] =
            content.type == "application/json" ? "application/json; charset=utf-8" : content.type
        self.init(
            status: .init(code: answer.status), headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: content.bytes)))
    }
}
