import ContractKit
import HTTPTypes
import Hummingbird
import NIOCore
import Testing

@testable import ServiceKit

@Suite struct RequestRevisionTests {
    private func request(_ name: HTTPField.Name, _ value: String?) -> Request {
        var head = HTTPRequest(method: .put, scheme: "http", authority: "x", path: "/")
        head.headerFields[name] = value
        return Request(head: head, body: .init(buffer: ByteBuffer()))
    }

    @Test(arguments: ["\"3\"", "*", "\"2\", \"3\"", "\"2\",\"3\" "])
    func admitsThePresentRevision(tag: String) throws {
        try request(.ifMatch, tag).requireMatch(revision: 3)
    }

    @Test(arguments: ["\"2\"", "W/\"3\"", "3", "", "\"33\""])
    func refusesAnotherRevision(tag: String) {
        #expect(throws: Problem.preconditionFailed) { try request(.ifMatch, tag).requireMatch(revision: 3) }
    }

    @Test func admitsARequestWithoutCondition() throws {
        try request(.ifMatch, nil).requireMatch(revision: 3)
        #expect(!request(.ifNoneMatch, nil).isNotModified(entityTag: "\"3\""))
    }

    @Test func comparesWeaklyForReads() {
        #expect(request(.ifNoneMatch, "W/\"3\"").isNotModified(entityTag: "\"3\""))
        #expect(request(.ifNoneMatch, "\"2\", \"3\"").isNotModified(entityTag: "\"3\""))
        #expect(!request(.ifNoneMatch, "\"2\"").isNotModified(entityTag: "\"3\""))
    }
}
